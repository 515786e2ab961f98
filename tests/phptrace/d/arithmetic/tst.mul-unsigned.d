/* * of unsigned 64-bit variables */

#pragma D option quiet

uint64_t a;
uint64_t b;

BEGIN
{
	a = 0xfffffffffffffff0;
	b = 16;
	printf("%d\n", a * b);
	printf("%d\n", b * a);
	printf("%d\n", a * 3u);
	printf("%d\n", a * a);
	exit(0);
}
