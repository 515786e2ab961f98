/* ++ and -- inside larger expressions */

#pragma D option quiet

int x, y;

BEGIN
{
	x = 3;
	y = x++ * 2 + --x;
	printf("%d %d\n", x, y);
	a[x++] = 5;
	printf("%d %d\n", x, a[3]);
	exit(0);
}
