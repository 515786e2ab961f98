/* a / inside a predicate */

#pragma D option quiet

int x;

BEGIN
{
	x = 12;
}

BEGIN
/x / 3 == 4/
{
	printf("1\n");
}

BEGIN
/(x / 4) == 2/
{
	printf("2\n");
}

BEGIN
/x / 2 / 2 == 3/
{
	printf("3\n");
}

BEGIN
{
	exit(0);
}
