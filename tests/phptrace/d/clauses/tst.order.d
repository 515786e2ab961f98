/* clauses of one probe run in the order of the program */

#pragma D option quiet

BEGIN
{
	printf("first\n");
}

END
{
	printf("last\n");
}

BEGIN
{
	printf("second\n");
}

BEGIN
{
	printf("third\n");
	exit(0);
}
