/* a discarded speculation can be taken again */

#pragma D option quiet

BEGIN
{
	a = speculation();
}

BEGIN
{
	discard(a);
}

tick-300ms
{
	b = speculation();
	printf("%d %d\n", a, b);
	exit(0);
}
