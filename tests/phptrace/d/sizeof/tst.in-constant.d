/* sizeof is a constant */

#pragma D option quiet

char a[sizeof (long) * 2];

BEGIN
{
	printf("%d\n", sizeof (int) * 8);
	printf("%d\n", sizeof (a));
	exit(0);
}
