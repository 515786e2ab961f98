/* >= of different widths */

#pragma D option quiet

int8_t c;
int16_t s;
int i;
int64_t l;
uint8_t u;

BEGIN
{
	c = -1;
	s = -1;
	i = -1;
	l = -1;
	u = 255;
	printf("%d\n", c >= s);
	printf("%d\n", s >= i);
	printf("%d\n", i >= l);
	printf("%d\n", c >= l);
	printf("%d\n", u >= c);
	printf("%d\n", c >= u);
	printf("%d\n", u >= 255);
	exit(0);
}
