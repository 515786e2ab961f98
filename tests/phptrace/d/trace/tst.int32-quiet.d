/* trace of int32_t when quiet */

#pragma D option quiet

BEGIN
{
	trace((int32_t)-50000);
	exit(0);
}
