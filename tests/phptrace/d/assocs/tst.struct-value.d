/* structures as values */

#pragma D option quiet

struct point {
	int x, y;
};
struct point p;
struct point a[string];

BEGIN
{
	p.x = 1;
	p.y = 2;
	a["p"] = p;
	p.x = 9;
	a["q"] = p;
	printf("%d %d %d %d\n", a["p"].x, a["p"].y, a["q"].x, a["q"].y);
	exit(0);
}
