/* the assignment that failed leaves the variable */

#pragma D option quiet

int x, zero;

BEGIN
{
	x = 7;
	x = 1 / zero;
}

BEGIN
{
	printf("%d\n", x);
	exit(0);
}
