/* trace of int64_t */

BEGIN
{
	trace((int64_t)-5000000000);
	exit(0);
}
