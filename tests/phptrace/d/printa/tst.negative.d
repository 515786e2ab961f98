/* negative values */

#pragma D option quiet

BEGIN
{
	@s["a"] = sum(-5);
	@s["b"] = sum(-70);
	printa("%s %@d\n", @s);
	exit(0);
}
