/* trace of int8_t */

BEGIN
{
	trace((int8_t)-5);
	exit(0);
}
