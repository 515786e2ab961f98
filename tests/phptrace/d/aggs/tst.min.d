/* min() keeps the least signed value */

#pragma D option quiet

BEGIN
{
	@a = min(7);
	@a = min(-3);
	@a = min(5);
	exit(0);
}
