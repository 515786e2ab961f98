/* ?: goes from right to left */

#pragma D option quiet

int a;

BEGIN
{
	a = 2;
	printf("%d\n", a == 1 ? 10 : a == 2 ? 20 : 30);
	printf("%d\n", a == 1 ? 10 : a == 3 ? 20 : 30);
	printf("%d\n", a ? a == 2 ? 7 : 8 : 9);
	printf("%d\n", (a == 2 ? 1 : 0) ? 4 : 5);
	a ? a == 2 ? 7 : 8 : 9;
	exit(0);
}
