/* trace of int16_t */

BEGIN
{
	trace((int16_t)-500);
	exit(0);
}
