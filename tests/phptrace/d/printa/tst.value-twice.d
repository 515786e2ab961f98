/* a value may be shown twice */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(10);
	printa("%s %@d 0x%@x\n", @a);
	exit(0);
}
