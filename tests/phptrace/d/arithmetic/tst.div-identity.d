/* (a / b) * b + a % b == a */

#pragma D option quiet

int a;
int b;
int64_t l;
int64_t m;

BEGIN
{
	a = -37;
	b = 10;
	l = -12345678901;
	m = -1000;
	printf("%d\n", (a / b) * b + a % b);
	printf("%d\n", (l / m) * m + l % m);
	printf("%d\n", (l / b) * b + l % b);
	exit(0);
}
