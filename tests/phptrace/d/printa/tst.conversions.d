/* conversions of values */

#pragma D option quiet

BEGIN
{
	@c = count();
	@s = sum(255);
	printa("%@u %@x\n", @c);
	printa("%@d %@u %@x %@X %@o %@8d|%@-8d|%@08d\n", @s);
	exit(0);
}
