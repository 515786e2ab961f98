/* more conversions than keys */

BEGIN
{
	@a["x"] = count();
	printa("%s %d %@d", @a);
	exit(0);
}
