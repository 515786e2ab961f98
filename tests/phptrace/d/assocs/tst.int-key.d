/* elements by integer key */

#pragma D option quiet

BEGIN
{
	a[1] = 10;
	a[2] = 20;
	a[-1] = 30;
	a[1000000] = 40;
	printf("%d %d %d %d %d\n", a[1], a[2], a[-1], a[1000000], a[3]);
	exit(0);
}
