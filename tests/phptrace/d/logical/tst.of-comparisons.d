/* comparisons bind before the logical operators */

#pragma D option quiet

int a;

BEGIN
{
	a = 5;
	printf("%d\n", a > 1 && a < 10);
	printf("%d\n", a < 1 || a > 4);
	(a == 5);
	a == 5;
	printf("%d\n", a == 5 && a != 6 && a >= 5);
	printf("%d\n", a == 1 || a == 2 || a == 5);
	exit(0);
}
