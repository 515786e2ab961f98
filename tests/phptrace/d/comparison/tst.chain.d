/* relational operators go from left to right and bind before == and != */

#pragma D option quiet

int a;
int b;
int c;

BEGIN
{
	a = 1;
	b = 2;
	c = 3;
	printf("%d\n", a < b < c);
	printf("%d\n", c > b > a);
	printf("%d\n", a < b == b < c);
	printf("%d\n", a == a != 0);
	printf("%d\n", a < b != c < b);
	printf("%d\n", (a == b) == (b == c));
	exit(0);
}
