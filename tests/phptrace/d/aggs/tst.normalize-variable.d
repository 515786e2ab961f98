/* normalize by a variable */

#pragma D option quiet

int x;

BEGIN
{
	x = 4;
	@a = sum(100);
	normalize(@a, x + 1);
	exit(0);
}
