/* printa with a format, once a key */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(1);
	@a["y"] = sum(2);
	printa("%s is %@d\n", @a);
	exit(0);
}
