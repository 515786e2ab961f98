/* %d of ints */

#pragma D option quiet

BEGIN
{
	printf("[%d]\n", 0);
	printf("[%d]\n", 1);
	printf("[%d]\n", -1);
	printf("[%d]\n", 42);
	printf("[%d]\n", 2147483647);
	printf("[%d]\n", 5000000000l);
	printf("[%d]\n", -5000000000l);
	printf("[%d %d]\n", 1, 2);
	printf("[%d%d]\n", -1, -2);
	exit(0);
}
