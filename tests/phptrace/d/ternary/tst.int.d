/* ?: of ints */

#pragma D option quiet

int a;
int b;

BEGIN
{
	a = 5;
	b = 9;
	printf("%d\n", a < b ? a : b);
	printf("%d\n", a > b ? a : b);
	printf("%d\n", a ? 1 : 2);
	printf("%d\n", 0 ? 1 : 2);
	printf("%d\n", 1 ? 3 : 4);
	a ? 1 : 2;
	printf("%d\n", a == 5 ? a + 1 : a - 1);
	exit(0);
}
