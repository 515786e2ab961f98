/* a variable declared with its structure */

#pragma D option quiet

struct point {
	int x, y;
} pt;

struct {
	int n;
} anon;

BEGIN
{
	pt.x = 1;
	pt.y = 2;
	anon.n = 3;
	printf("%d %d\n", pt.x + pt.y, anon.n);
	exit(0);
}
