/* a long expression with every arithmetic operator */

#pragma D option quiet

int a;
int b;
int c;

BEGIN
{
	a = 1234;
	b = 56;
	c = 7;
	printf("%d\n", (a + b * c - a / c) % (b + c) * 2 - -b);
	printf("%d\n", ((((a + 1) * 2) - 3) / 4) % 5);
	printf("%d\n", a * a / b + b * b / c - c * c % a);
	printf("%d\n", -(a - b) * (c - b) + (a % c) * (b / c));
	exit(0);
}
