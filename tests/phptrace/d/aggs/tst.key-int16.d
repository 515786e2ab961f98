/* the width of a int16_t key */

#pragma D option quiet

BEGIN
{
	@[(int16_t)700] = count();
	exit(0);
}
