/* *= with negative values */

#pragma D option quiet

int a;
int64_t l;

BEGIN
{
	a = -100;
	l = -10000000000;
	a *= 7;
	printf("%d\n", a);
	l *= -3;
	printf("%d\n", l);
	a *= -2;
	printf("%d\n", a);
	exit(0);
}
