/* the width of a uint64_t key */

#pragma D option quiet

BEGIN
{
	@[(uint64_t)7000000000] = count();
	exit(0);
}
