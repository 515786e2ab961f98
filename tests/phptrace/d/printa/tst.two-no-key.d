/* two aggregations without keys */

#pragma D option quiet

BEGIN
{
	@a = sum(10);
	@b = count();
	printa("%@d/%@d\n", @a, @b);
	exit(0);
}
