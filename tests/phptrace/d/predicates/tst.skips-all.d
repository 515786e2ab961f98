/* a false predicate skips every action of its clause */

#pragma D option quiet

int x, y;

BEGIN
/x/
{
	printf("no\n");
	y = 5;
	@ = count();
	exit(1);
}

BEGIN
{
	printf("%d\n", y);
	exit(0);
}
