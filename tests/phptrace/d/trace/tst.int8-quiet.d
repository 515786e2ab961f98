/* trace of int8_t when quiet */

#pragma D option quiet

BEGIN
{
	trace((int8_t)-5);
	exit(0);
}
