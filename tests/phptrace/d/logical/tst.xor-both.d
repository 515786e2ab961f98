/* ^^ evaluates both sides */

#pragma D option quiet

int a, b;

BEGIN
{
	a = 0;
	b = 0;
	printf("%d\n", a++ ^^ b++);
	printf("%d %d\n", a, b);
	printf("%d\n", a++ ^^ !b++);
	printf("%d %d\n", a, b);
	exit(0);
}
