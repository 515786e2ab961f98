/* variables set in a speculative clause stay set */

#pragma D option quiet

int x;

BEGIN
{
	s = speculation();
}

BEGIN
{
	speculate(s);
	x = 7;
	printf("speculative\n");
}

BEGIN
{
	discard(s);
}

BEGIN
{
	printf("%d\n", x);
	exit(0);
}
