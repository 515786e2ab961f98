/* sizeof of expressions does not evaluate them */

#pragma D option quiet

int x;

BEGIN
{
	x = 1;
	printf("%d\n", sizeof (x++));
	printf("%d\n", x);
	printf("%d %d\n", sizeof x, sizeof (x + 1l));
	printf("%d\n", sizeof (sizeof (x)));
	exit(0);
}
