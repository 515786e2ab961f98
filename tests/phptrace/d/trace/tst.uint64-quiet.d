/* trace of uint64_t when quiet */

#pragma D option quiet

BEGIN
{
	trace((uint64_t)10000000000000000000u);
	exit(0);
}
