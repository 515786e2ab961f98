/* printa within a row */

BEGIN
{
	@a["x"] = sum(1);
	printa("%s %@d", @a);
	exit(0);
}
