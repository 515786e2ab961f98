/* trace of a uint32_t variable */

uint32_t v;

BEGIN
{
	v = 4000000000;
	trace(v);
	exit(0);
}
