/* + of 8- and 16-bit variables has the type of the operand of the greater rank */

#pragma D option quiet

int8_t c;
int16_t s;
uint8_t u;
uint16_t w;

BEGIN
{
	c = 100;
	s = 30000;
	u = 200;
	w = 60000;
	printf("%d\n", c + c);
	printf("%d\n", s + c);
	printf("%d\n", u + c);
	printf("%d\n", w + s);
	printf("%d\n", w + u);
	printf("%d\n", c + u);
	c = -100;
	printf("%d\n", c + u);
	printf("%d\n", s + c);
	printf("%d\n", sizeof (c + c));
	exit(0);
}
