/* min() of positive values only */

#pragma D option quiet

BEGIN
{
	@a = min(7);
	@a = min(3);
	@a = min(20);
	exit(0);
}
