/* an aggregating function without an aggregation */

BEGIN
{
	avg(1);
	exit(0);
}
