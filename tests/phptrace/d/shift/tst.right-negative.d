/* >> of a negative signed variable keeps the sign */

#pragma D option quiet

int a;
int64_t l;
int64_t m;

BEGIN
{
	a = -1024;
	l = -1024;
	m = -1;
	printf("%d\n", a >> 1);
	printf("%d\n", a >> 4);
	printf("%d\n", a >> 11);
	printf("%d\n", l >> 1);
	printf("%d\n", l >> 10);
	printf("%d\n", l >> 20);
	printf("%d\n", m >> 63);
	printf("%d\n", m >> 1);
	exit(0);
}
