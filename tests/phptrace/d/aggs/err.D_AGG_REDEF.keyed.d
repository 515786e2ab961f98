/* another aggregating function, with keys */

BEGIN
{
	@a["x"] = count();
	@a["y"] = max(1);
	exit(0);
}
