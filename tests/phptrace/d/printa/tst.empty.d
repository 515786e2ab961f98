/* printa of an aggregation without data prints nothing */

#pragma D option quiet

BEGIN
{
	@a["x"] = sum(1);
	trunc(@a);
	printa("%s %@d\n", @a);
	exit(0);
}
