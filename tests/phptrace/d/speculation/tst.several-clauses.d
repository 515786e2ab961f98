/* a speculation gathers from several clauses */

#pragma D option quiet

BEGIN
{
	s = speculation();
}

BEGIN
{
	speculate(s);
	printf("one\n");
}

BEGIN
{
	speculate(s);
	printf("two\n");
	printf("three\n");
}

BEGIN
{
	commit(s);
}

tick-100ms
{
	exit(0);
}
