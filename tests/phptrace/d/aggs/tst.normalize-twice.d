/* the last normalize counts */

#pragma D option quiet

BEGIN
{
	@a = sum(100);
	normalize(@a, 10);
	normalize(@a, 4);
	exit(0);
}
