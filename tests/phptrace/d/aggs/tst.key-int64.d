/* the width of a int64_t key */

#pragma D option quiet

BEGIN
{
	@[(int64_t)7000000000] = count();
	exit(0);
}
