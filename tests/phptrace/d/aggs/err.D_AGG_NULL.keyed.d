/* an aggregation with its key alone */

BEGIN
{
	@a["x"] = count();
	@a["x"];
	exit(0);
}
