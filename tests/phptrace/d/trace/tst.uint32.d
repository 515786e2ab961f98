/* trace of uint32_t */

BEGIN
{
	trace((uint32_t)4000000000);
	exit(0);
}
