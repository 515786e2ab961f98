/* an aggregation's key of the wrong type */

BEGIN
{
	@a[1, "x"] = count();
	@a[1, 2] = count();
	exit(0);
}
