/* conversions beyond the aggregations show the last again */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(1);
	@b["x"] = sum(2);
	printa("%s %@d %@d %@d\n", @a, @b);
	exit(0);
}
