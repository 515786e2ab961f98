/* % of int variables, all signs */

#pragma D option quiet

int a;
int b;

BEGIN
{
	a = 17;
	b = 5;
	printf("%d\n", a % b);
	printf("%d\n", b % a);
	a = -17;
	printf("%d\n", a % b);
	printf("%d\n", b % a);
	b = -5;
	printf("%d\n", a % b);
	printf("%d\n", b % a);
	a = 17;
	printf("%d\n", a % b);
	printf("%d\n", a % 3);
	printf("%d\n", 100 % b);
	exit(0);
}
