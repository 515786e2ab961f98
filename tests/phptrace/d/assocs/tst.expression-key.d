/* keys are expressions */

#pragma D option quiet

int i;

BEGIN
{
	i = 3;
	a[i * 2 + 1] = 5;
	a[i++] = 6;
	printf("%d %d %d\n", a[7], a[3], a[i + 3]);
	a[a[7]] = 8;
	printf("%d\n", a[5]);
	exit(0);
}
