/* max() of negative values only */

#pragma D option quiet

BEGIN
{
	@a = max(-7);
	@a = max(-3);
	@a = max(-20);
	exit(0);
}
