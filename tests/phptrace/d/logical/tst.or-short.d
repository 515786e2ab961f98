/* the right side of || is not evaluated after a true left side */

#pragma D option quiet

int a, b;

BEGIN
{
	a = 1;
	b = 0;
	a++ || b++;
	printf("%d %d\n", a, b);
	a = 0;
	a || b++;
	printf("%d %d\n", a, b);
	exit(0);
}
