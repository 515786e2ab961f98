/* trace of a uint64_t variable */

uint64_t v;

BEGIN
{
	v = 10000000000000000000u;
	trace(v);
	exit(0);
}
