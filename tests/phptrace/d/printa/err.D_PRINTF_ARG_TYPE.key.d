/* a conversion that does not fit the key */

BEGIN
{
	@a["x"] = count();
	printa("%d %@d", @a);
	exit(0);
}
