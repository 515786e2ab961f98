/* * / % bind before + - */

#pragma D option quiet

int a;
int b;
int c;

BEGIN
{
	a = 2;
	b = 3;
	c = 4;
	printf("%d\n", a + b * c);
	printf("%d\n", (a + b) * c);
	printf("%d\n", a * b + c);
	printf("%d\n", a * (b + c));
	printf("%d\n", a - b - c);
	printf("%d\n", a - (b - c));
	printf("%d\n", c / a * b);
	printf("%d\n", c / (a * b));
	printf("%d\n", 100 % 7 * 3);
	printf("%d\n", 100 % (7 * 3));
	printf("%d\n", a + b % a * c - b);
	exit(0);
}
