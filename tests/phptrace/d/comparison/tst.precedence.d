/* arithmetic binds before comparison */

#pragma D option quiet

int a;
int b;

BEGIN
{
	a = 3;
	b = 4;
	printf("%d\n", a + 1 == b);
	printf("%d\n", a * 2 > b + 1);
	printf("%d\n", a - b < 0);
	printf("%d\n", a << 1 > b);
	printf("%d\n", 1 + (a < b));
	exit(0);
}
