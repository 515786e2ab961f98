/* trace of uint8_t when quiet */

#pragma D option quiet

BEGIN
{
	trace((uint8_t)250);
	exit(0);
}
