/* intermediate results have 64 bits */

#pragma D option quiet

int a, b;

BEGIN
{
	a = 100000;
	printf("%d\n", a * a / a);
	printf("%d\n", a * a > 0);
	b = a * a;
	printf("%d\n", b);
	exit(0);
}
