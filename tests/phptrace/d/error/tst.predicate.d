/* a fault in a predicate */

#pragma D option quiet

int zero;

BEGIN
/1 / zero == 1/
{
	printf("no\n");
}

ERROR
{
	printf("fault %d\n", arg4);
}

BEGIN
{
	exit(0);
}
