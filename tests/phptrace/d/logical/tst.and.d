/* && yields 0 or 1 */

#pragma D option quiet

int t;
int f;
int n;

BEGIN
{
	t = 1;
	f = 0;
	n = -7;
	printf("%d\n", t && t);
	printf("%d\n", t && f);
	printf("%d\n", f && t);
	printf("%d\n", f && f);
	printf("%d\n", n && t);
	printf("%d\n", n && n);
	printf("%d\n", 5 && 3);
	printf("%d\n", 5 && 0);
	printf("%d\n", 0 && 0);
	exit(0);
}
