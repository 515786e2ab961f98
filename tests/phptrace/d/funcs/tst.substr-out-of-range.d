/* substr, out of range */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", substr("foobarbaz", -12, 5));
	printf("[%s]\n", substr("foobarbaz", -20, 3));
	printf("[%s]\n", substr("foobarbaz", 100, 3));
	printf("[%s]\n", substr("foobarbaz", -10));
	printf("[%s]\n", substr("foobarbaz", 9, -1));
	exit(0);
}
