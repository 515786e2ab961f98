/* substr, length */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", substr("foobarbaz", 0, 3));
	printf("[%s]\n", substr("foobarbaz", 3, 3));
	printf("[%s]\n", substr("foobarbaz", 6, 3));
	printf("[%s]\n", substr("foobarbaz", 6, 20));
	printf("[%s]\n", substr("foobarbaz", 0, 0));
	printf("[%s]\n", substr("foobarbaz", 8, 1));
	printf("[%s]\n", substr("foobarbaz", 9, 1));
	printf("[%s]\n", substr("foobarbaz", 2, 1));
	exit(0);
}
