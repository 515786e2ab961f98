/* << of int and long */

#pragma D option quiet

int a;
int64_t l;
unsigned int u;
uint64_t m;

BEGIN
{
	a = 1;
	l = 1;
	u = 1;
	m = 1;
	printf("%d\n", a << 0);
	printf("%d\n", a << 1);
	printf("%d\n", a << 30);
	printf("%d\n", l << 32);
	printf("%d\n", l << 62);
	printf("%d\n", u << 31);
	printf("%d\n", m << 63);
	printf("%d\n", 1 << 4);
	printf("%d\n", 3 << 3);
	printf("%d\n", l << 4 << 4);
	exit(0);
}
