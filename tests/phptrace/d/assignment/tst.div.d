/* /= on global variables of several widths */

#pragma D option quiet

int a;
int64_t l;
uint8_t c;
int16_t s;

BEGIN
{
	a = 100;
	l = 10000000000;
	c = 100;
	s = 1000;
	a /= 7;
	printf("%d\n", a);
	l /= 3;
	printf("%d\n", l);
	c /= 3;
	printf("%d\n", c);
	s /= 5;
	printf("%d\n", s);
	a /= a - a + 2;
	printf("%d\n", a);
	exit(0);
}
