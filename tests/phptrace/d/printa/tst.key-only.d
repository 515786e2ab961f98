/* a format with the key only */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(1);
	@a["y"] = sum(2);
	printa("<%s>", @a);
	exit(0);
}
