/* substr, from */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", substr("foobarbaz", 0));
	printf("[%s]\n", substr("foobarbaz", 1));
	printf("[%s]\n", substr("foobarbaz", 3));
	printf("[%s]\n", substr("foobarbaz", 8));
	printf("[%s]\n", substr("foobarbaz", 9));
	printf("[%s]\n", substr("foobarbaz", 20));
	exit(0);
}
