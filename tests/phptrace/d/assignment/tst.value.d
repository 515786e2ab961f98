/* an assignment has the value assigned */

#pragma D option quiet

int a, b, c;

BEGIN
{
	a = b = c = 7;
	printf("%d %d %d\n", a, b, c);
	printf("%d\n", a = 9);
	printf("%d\n", (a += 2) * 2);
	printf("%d %d\n", a, (b = a) + 1);
	exit(0);
}
