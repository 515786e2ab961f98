/* the width of a int8_t key */

#pragma D option quiet

BEGIN
{
	@[(int8_t)7] = count();
	exit(0);
}
