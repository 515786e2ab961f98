/* a format may leave out keys */

#pragma D option quiet

BEGIN
{
	@a["x", "p"] = sum(1);
	@a["y", "q"] = sum(2);
	printa("%s %@d\n", @a);
	exit(0);
}
