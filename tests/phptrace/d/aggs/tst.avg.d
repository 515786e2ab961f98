/* avg() cuts towards zero */

#pragma D option quiet

BEGIN
{
	@a = avg(1);
	@a = avg(2);
	@a = avg(5);
	exit(0);
}
