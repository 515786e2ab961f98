/* printa after trunc */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(1);
	@a["y"] = sum(2);
	@a["z"] = sum(3);
	trunc(@a, 2);
	printa("%s %@d\n", @a);
	exit(0);
}
