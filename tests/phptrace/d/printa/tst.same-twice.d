/* one aggregation given twice */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(6);
	printa("%s %@d %@x\n", @a, @a);
	exit(0);
}
