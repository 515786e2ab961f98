/* fewer keys than the aggregation has */

BEGIN
{
	@a[1, 2] = count();
	@a[1] = count();
	exit(0);
}
