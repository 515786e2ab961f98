/* a predicate on END */

#pragma D option quiet

BEGIN
{
	n = 3;
	exit(0);
}

END
/n == 3/
{
	printf("three\n");
}

END
/n == 4/
{
	printf("four\n");
}
