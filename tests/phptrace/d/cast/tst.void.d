/* any value may be cast to void */

#pragma D option quiet

int x;

BEGIN
{
	x = 5;
	(void)x;
	(void)"s";
	(void)x++;
	printf("%d\n", x);
	exit(0);
}
