/* + and - bind before shifts, shifts before comparison */

#pragma D option quiet

int a;

BEGIN
{
	a = 1;
	printf("%d\n", a << 2 + 1);
	printf("%d\n", (a << 2) + 1);
	printf("%d\n", a + 1 << 2);
	printf("%d\n", 16 >> 1 + 1);
	printf("%d\n", a << 3 > 7);
	printf("%d\n", a << 3 == 8);
	printf("%d\n", 1 << 2 << 3);
	exit(0);
}
