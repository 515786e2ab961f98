/* actions before the fault count, those after it do not */

#pragma D option quiet

int zero, a, b;

BEGIN
{
	a = 1;
	x = 1 / zero;
	b = 1;
}

BEGIN
{
	printf("%d %d\n", a, b);
	exit(0);
}
