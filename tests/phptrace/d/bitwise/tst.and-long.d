/* & of 64-bit values */

#pragma D option quiet

uint64_t a;
uint64_t b;

BEGIN
{
	a = 0xf0f0f0f0f0f0f0f0;
	b = 0xff00ff00ff00ff00;
	printf("%d\n", a & b);
	printf("%d\n", a & 0xffffffff);
	printf("%d\n", b & 0xffffffff00000000);
	printf("%d\n", a & a);
	printf("%d\n", a & 1);
	exit(0);
}
