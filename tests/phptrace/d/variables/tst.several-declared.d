/* several variables in one declaration */

#pragma D option quiet

int a, b;
unsigned char c;

BEGIN
{
	a = 1;
	b = 2;
	c = 3;
	printf("%d %d %d %d\n", a, b, c, sizeof (c));
	exit(0);
}
