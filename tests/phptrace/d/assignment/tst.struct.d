/* assignment copies structures */

#pragma D option quiet

struct pair {
	int a;
	long b;
};
struct pair x, y;

BEGIN
{
	x.a = 1;
	x.b = 2;
	y = x;
	x.a = 10;
	printf("%d %d %d %d\n", x.a, x.b, y.a, y.b);
	exit(0);
}
