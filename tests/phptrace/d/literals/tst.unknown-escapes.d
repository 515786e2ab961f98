/* a backslash before another character stays, so that the constant has two; the first is the more significant byte */

#pragma D option quiet

BEGIN
{
	printf("%d\n", '\c');
	printf("%d\n", '\?');
	exit(0);
}
