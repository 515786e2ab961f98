/* what was speculated is printed on commit */

#pragma D option quiet

BEGIN
{
	s = speculation();
}

BEGIN
{
	speculate(s);
	printf("speculative %d\n", 5);
}

BEGIN
{
	commit(s);
}

tick-100ms
{
	exit(0);
}
