/* substr, negative index */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", substr("foobarbaz", -1));
	printf("[%s]\n", substr("foobarbaz", -3));
	printf("[%s]\n", substr("foobarbaz", -9));
	printf("[%s]\n", substr("foobarbaz", -3, 2));
	printf("[%s]\n", substr("foobarbaz", -9, 4));
	printf("[%s]\n", substr("foobarbaz", -6, 3));
	printf("[%s]\n", substr("foobarbaz", -1, 1));
	exit(0);
}
