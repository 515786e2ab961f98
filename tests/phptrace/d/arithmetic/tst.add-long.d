/* + of 64-bit variables */

#pragma D option quiet

int64_t a;
int64_t b;

BEGIN
{
	a = 9000000000;
	b = 7;
	printf("%d\n", a + b);
	printf("%d\n", b + a);
	a = -9000000000;
	printf("%d\n", a + b);
	printf("%d\n", b + a);
	b = -7;
	printf("%d\n", a + b);
	printf("%d\n", a + 1000000007);
	exit(0);
}
