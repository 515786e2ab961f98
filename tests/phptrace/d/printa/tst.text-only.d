/* a format without conversions, once a key */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(1);
	@a["y"] = sum(2);
	printa("row\n", @a);
	exit(0);
}
