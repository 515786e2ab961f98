/* trace of int32_t */

BEGIN
{
	trace((int32_t)-50000);
	exit(0);
}
