/* rindex of the last occurrence, -1 without one */

#pragma D option quiet

BEGIN
{
	printf("%d\n", rindex("foobarbaz", "b"));
	printf("%d\n", rindex("foobarbaz", "ba"));
	printf("%d\n", rindex("foobarbaz", "foo"));
	printf("%d\n", rindex("foobarbaz", "baz"));
	printf("%d\n", rindex("foobarbaz", "z"));
	printf("%d\n", rindex("foobarbaz", "x"));
	printf("%d\n", rindex("foobarbaz", "foobarbazz"));
	printf("%d\n", rindex("", "a"));
	printf("%d\n", rindex("aaa", "aa"));
	exit(0);
}
