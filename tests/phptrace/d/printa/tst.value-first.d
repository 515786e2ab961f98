/* the value may come before the keys */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(1);
	@a["y"] = sum(2);
	printa("%@5d %s\n", @a);
	exit(0);
}
