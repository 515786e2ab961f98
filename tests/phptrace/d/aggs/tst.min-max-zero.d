/* min() and max() of a single 0 */

#pragma D option quiet

BEGIN
{
	@a = min(0);
	@b = max(0);
	exit(0);
}
