/* == of ints */

#pragma D option quiet

int a;
int b;

BEGIN
{
	a = -1;
	b = 1;
	printf("%d\n", a == b);
	printf("%d\n", b == a);
	printf("%d\n", a == a);
	printf("%d\n", a == -1);
	printf("%d\n", b == 0);
	printf("%d\n", 1 == 2);
	printf("%d\n", 2 == 1);
	printf("%d\n", 2 == 2);
	printf("%d\n", -2 == -1);
	exit(0);
}
