/* the right side of && is not evaluated after a false left side */

#pragma D option quiet

int a, b;

BEGIN
{
	a = 0;
	b = 0;
	a++ && b++;
	printf("%d %d\n", a, b);
	a++ && b++;
	printf("%d %d\n", a, b);
	exit(0);
}
