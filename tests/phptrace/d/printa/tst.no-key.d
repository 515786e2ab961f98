/* printa of an aggregation without keys */

#pragma D option quiet

BEGIN
{
	@a = sum(5);
	printa(@a);
	printa("%@d\n", @a);
	exit(0);
}
