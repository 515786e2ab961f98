/* max() keeps the greatest signed value */

#pragma D option quiet

BEGIN
{
	@a = max(-7);
	@a = max(3);
	@a = max(2);
	exit(0);
}
