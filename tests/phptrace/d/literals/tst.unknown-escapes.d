/* a backslash before any other character stays */

#pragma D option quiet

BEGIN
{
	printf("%d\n", '\c');
	printf("%d\n", '\?');
	exit(0);
}
