/* three aggregations */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(1);
	@b["x"] = sum(2);
	@c["x"] = sum(3);
	printa("%s %@d %@d %@d\n", @a, @b, @c);
	exit(0);
}
