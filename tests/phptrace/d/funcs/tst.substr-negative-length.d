/* substr, negative length */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", substr("foobarbaz", 0, -1));
	printf("[%s]\n", substr("foobarbaz", 0, -3));
	printf("[%s]\n", substr("foobarbaz", 3, -3));
	printf("[%s]\n", substr("foobarbaz", 1, -1));
	printf("[%s]\n", substr("foobarbaz", 0, -9));
	printf("[%s]\n", substr("foobarbaz", -5, -2));
	printf("[%s]\n", substr("foobarbaz", 5, -4));
	exit(0);
}
