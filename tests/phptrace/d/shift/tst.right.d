/* >> of int and long */

#pragma D option quiet

int a;
int64_t l;
unsigned int u;
uint64_t m;

BEGIN
{
	a = 1024;
	l = 0x4000000000000000;
	u = 0x80000000;
	m = 0x8000000000000000;
	printf("%d\n", a >> 0);
	printf("%d\n", a >> 1);
	printf("%d\n", a >> 10);
	printf("%d\n", a >> 11);
	printf("%d\n", l >> 62);
	printf("%d\n", l >> 32);
	printf("%d\n", u >> 31);
	printf("%d\n", m >> 63);
	printf("%d\n", m >> 1);
	printf("%d\n", 1024 >> 3);
	exit(0);
}
