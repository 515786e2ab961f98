/* a predicate may change variables */

#pragma D option quiet

int x;

BEGIN
{
	x = 0;
}

BEGIN
/x++/
{
	printf("1\n");
}

BEGIN
/x++/
{
	printf("2\n");
}

BEGIN
/x == 2/
{
	printf("3\n");
}

BEGIN
/(x = 0)/
{
	printf("4\n");
}

BEGIN
/x == 0/
{
	printf("5\n");
}

BEGIN
{
	exit(0);
}
