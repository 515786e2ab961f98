/* %u of ints and longs */

#pragma D option quiet

BEGIN
{
	printf("[%u]\n", 0);
	printf("[%u]\n", 7);
	printf("[%u]\n", -1);
	printf("[%u]\n", 4294967295u);
	printf("[%u]\n", 18446744073709551615u);
	printf("[%u]\n", (int64_t)-1);
	exit(0);
}
