/* a variable may be read in a clause before the one that sets it */

#pragma D option quiet

int x;

BEGIN
{
	printf("%d\n", x);
}

BEGIN
{
	x = 5;
	printf("%d\n", x);
	exit(0);
}
