/* printa without format */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(1);
	@a["y"] = sum(2);
	printa(@a);
	exit(0);
}
