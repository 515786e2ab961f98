/* what printa printed is not printed at the end */

#pragma D option quiet

BEGIN
{
	@a = sum(1);
	@b = sum(2);
	printa("%@d\n", @a);
	exit(0);
}
