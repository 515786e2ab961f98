/* index of the first occurrence, -1 without one */

#pragma D option quiet

BEGIN
{
	printf("%d\n", index("foobarbaz", "b"));
	printf("%d\n", index("foobarbaz", "ba"));
	printf("%d\n", index("foobarbaz", "foo"));
	printf("%d\n", index("foobarbaz", "baz"));
	printf("%d\n", index("foobarbaz", "z"));
	printf("%d\n", index("foobarbaz", "x"));
	printf("%d\n", index("foobarbaz", "foobarbazz"));
	printf("%d\n", index("", "a"));
	printf("%d\n", index("aaa", "aa"));
	exit(0);
}
