/* two aggregations with keys of different types */

BEGIN
{
	@a[1] = count();
	@b["x"] = count();
	printa(@a, @b);
	exit(0);
}
