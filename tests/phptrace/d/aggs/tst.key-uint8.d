/* the width of a uint8_t key */

#pragma D option quiet

BEGIN
{
	@[(uint8_t)200] = count();
	exit(0);
}
