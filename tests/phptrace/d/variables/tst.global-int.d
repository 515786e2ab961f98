/* a global variable keeps its value from clause to clause */

#pragma D option quiet

int x;

BEGIN
{
	x = 41;
}

BEGIN
{
	printf("%d\n", x);
	x++;
}

BEGIN
{
	printf("%d\n", x);
	exit(0);
}
