/* rindex at or before a position */

#pragma D option quiet

BEGIN
{
	printf("%d\n", rindex("foobarbaz", "ba", 8));
	printf("%d\n", rindex("foobarbaz", "ba", 6));
	printf("%d\n", rindex("foobarbaz", "ba", 5));
	printf("%d\n", rindex("foobarbaz", "ba", 3));
	printf("%d\n", rindex("foobarbaz", "ba", 2));
	printf("%d\n", rindex("foobarbaz", "ba", 0));
	printf("%d\n", rindex("aXbXc", "X", 2));
	exit(0);
}
