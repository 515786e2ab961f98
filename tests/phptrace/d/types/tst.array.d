/* arrays of scalars */

#pragma D option quiet

int a[5];
int i;

BEGIN
{
	a[0] = 1;
	a[1] = a[0] + 1;
	a[4] = a[1] * 10;
	printf("%d %d %d %d %d %d\n", a[0], a[1], a[2], a[3], a[4], sizeof (a));
	i = 4;
	printf("%d %d\n", a[i], a[i - 3]);
	a[i]++;
	printf("%d\n", a[4]);
	exit(0);
}
