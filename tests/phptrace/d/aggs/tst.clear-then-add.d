/* values count on after clear */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(5);
	@a["y"] = sum(6);
	clear(@a);
}

BEGIN
{
	printa("%s %@d\n", @a);
	exit(0);
}
