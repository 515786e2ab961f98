/* only the chosen side is evaluated */

#pragma D option quiet

int x, a, b;

BEGIN
{
	x = 1;
	a = 0;
	b = 0;
	x ? a++ : b++;
	printf("%d %d\n", a, b);
	!x ? a++ : b++;
	printf("%d %d\n", a, b);
	printf("%d\n", x ? ++a : ++b);
	printf("%d %d\n", a, b);
	exit(0);
}
