/* index from a position on */

#pragma D option quiet

BEGIN
{
	printf("%d\n", index("foobarbaz", "b", 0));
	printf("%d\n", index("foobarbaz", "b", 3));
	printf("%d\n", index("foobarbaz", "b", 4));
	printf("%d\n", index("foobarbaz", "b", 6));
	printf("%d\n", index("foobarbaz", "b", 7));
	printf("%d\n", index("foobarbaz", "b", 8));
	printf("%d\n", index("foobarbaz", "b", -5));
	printf("%d\n", index("aXbXc", "X", 2));
	exit(0);
}
