/* trace of int16_t when quiet */

#pragma D option quiet

BEGIN
{
	trace((int16_t)-500);
	exit(0);
}
