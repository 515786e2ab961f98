/* the comma operator has the value of its right side */

#pragma D option quiet

int x, y;

BEGIN
{
	x = (1, 2);
	y = (x++, x * 10);
	printf("%d %d\n", x, y);
	exit(0);
}
