/* trace of uint16_t when quiet */

#pragma D option quiet

BEGIN
{
	trace((uint16_t)65000);
	exit(0);
}
