/* a format with the value only */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(1);
	@a["y"] = sum(2);
	printa("<%@d>", @a);
	exit(0);
}
