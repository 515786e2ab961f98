/* an aggregation alone */

BEGIN
{
	@a = count();
	@a;
	exit(0);
}
