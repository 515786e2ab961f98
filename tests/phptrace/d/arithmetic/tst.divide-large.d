/* unsigned division with the top bit set */

#pragma D option quiet

uint64_t u;
uint64_t v;

BEGIN
{
	u = 0x8000000000000000;
	v = 0xffffffffffffffff;
	printf("%d\n", u / 2u);
	printf("%d\n", u / 3u);
	printf("%d\n", v / u);
	printf("%d\n", v % u);
	printf("%d\n", v / 10u);
	printf("%d\n", v % 10u);
	printf("%d\n", u % 1000u);
	exit(0);
}
