/* trace of uint32_t when quiet */

#pragma D option quiet

BEGIN
{
	trace((uint32_t)4000000000);
	exit(0);
}
