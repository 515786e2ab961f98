/* the first aggregation sorts */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(10);
	@a["y"] = sum(5);
	@b["x"] = count();
	@b["y"] = count();
	@b["y"] = count();
	printa("%s %@d %@d\n", @b, @a);
	exit(0);
}
