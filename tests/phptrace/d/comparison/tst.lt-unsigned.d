/* < of unsigned values with the top bit set */

#pragma D option quiet

uint64_t a;
uint64_t b;
uint32_t c;
uint32_t d;

BEGIN
{
	a = 0xffffffffffffffff;
	b = 1;
	c = 0xffffffff;
	d = 1;
	printf("%d\n", a < b);
	printf("%d\n", b < a);
	printf("%d\n", a < a);
	printf("%d\n", c < d);
	printf("%d\n", d < c);
	printf("%d\n", c < c);
	printf("%d\n", a < c);
	exit(0);
}
