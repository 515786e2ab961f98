/* a key that one of them lacks shows 0 */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(10);
	@b["y"] = sum(7);
	@b["x"] = sum(1);
	printa("%s %@d %@d\n", @a, @b);
	exit(0);
}
