/* the remainder has the sign of the dividend */

#pragma D option quiet

int a;

BEGIN
{
	a = 7;
	printf("%d\n", a % 3);
	printf("%d\n", a % -3);
	a = -7;
	printf("%d\n", a % 3);
	printf("%d\n", a % -3);
	printf("%d\n", -7 % 3);
	printf("%d\n", 7 % -3);
	exit(0);
}
