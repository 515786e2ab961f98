/* ?: in predicates */

#pragma D option quiet

int x;

BEGIN
{
	x = 5;
}

BEGIN
/x > 3 ? 1 : 0/
{
	printf("1\n");
}

BEGIN
/x > 3 ? 0 : 1/
{
	printf("2\n");
}

BEGIN
{
	exit(0);
}
