/* an aggregation may be printed again */

#pragma D option quiet

BEGIN
{
	@a = sum(1);
	printa("%@d\n", @a);
	printa("%@d\n", @a);
	exit(0);
}
