/* a conversion that does not fit the value */

BEGIN
{
	@a["x"] = count();
	printa("%s %@s", @a);
	exit(0);
}
