/* a backslash before other characters stands for them */

#pragma D option quiet

BEGIN
{
	printf("%d\n", '\c');
	printf("%d\n", '\?');
	exit(0);
}
