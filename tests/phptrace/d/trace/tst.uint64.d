/* trace of uint64_t */

BEGIN
{
	trace((uint64_t)10000000000000000000u);
	exit(0);
}
