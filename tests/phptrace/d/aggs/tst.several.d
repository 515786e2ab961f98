/* aggregations print in the order in which they appear */

#pragma D option quiet

BEGIN
{
	@b = sum(2);
	@a = sum(1);
	@c = count();
	exit(0);
}
