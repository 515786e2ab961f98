/* the count may be a variable */

#pragma D option quiet

int a;
int n;
int64_t l;
uint64_t u;

BEGIN
{
	a = 1;
	n = 5;
	l = 1;
	u = 0xff00000000000000;
	printf("%d\n", a << n);
	printf("%d\n", a << n << n);
	printf("%d\n", l << n + n);
	printf("%d\n", (l << 40) >> n);
	printf("%d\n", u >> n);
	n = 60;
	printf("%d\n", l << n);
	printf("%d\n", u >> n);
	n = 0;
	printf("%d\n", a << n);
	printf("%d\n", u >> n);
	exit(0);
}
