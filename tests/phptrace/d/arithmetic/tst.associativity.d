/* operators of one rank go from left to right */

#pragma D option quiet

int a;
int b;
int c;

BEGIN
{
	a = 100;
	b = 7;
	c = 3;
	printf("%d\n", a - b - c);
	printf("%d\n", a / b / c);
	printf("%d\n", a % b % c);
	printf("%d\n", a / b * c);
	printf("%d\n", a * b / c);
	printf("%d\n", a - b + c);
	exit(0);
}
