/* a number after an aggregation */

BEGIN
{
	@a = count();
	printa("%@d", @a, 5);
	exit(0);
}
