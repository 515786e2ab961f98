/* arithmetic on a null pointer */

#pragma D option quiet

int *p;

BEGIN
{
	printf("%d %d %d\n", (int)p, (int)(p + 1), (int)(p + 2));
	printf("%d\n", (int)((char *)p + 3));
	exit(0);
}
