/* a product of ints assigned to a long */

#pragma D option quiet

int a, b;
int64_t l;

BEGIN
{
	a = 100000;
	b = 100000;
	l = (int64_t)a * b;
	printf("%d\n", l);
	l = a * (int64_t)b;
	printf("%d\n", l);
	exit(0);
}
