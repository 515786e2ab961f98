/* commit or discard by predicate */

#pragma D option quiet

int x;

BEGIN
{
	s = speculation();
	x = 5;
}

BEGIN
{
	speculate(s);
	printf("x is %d\n", x);
}

BEGIN
/x > 3/
{
	commit(s);
}

BEGIN
/x <= 3/
{
	discard(s);
}

tick-100ms
{
	exit(0);
}
