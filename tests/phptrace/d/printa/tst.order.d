/* printa sorts by value */

#pragma D option quiet

BEGIN
{
	@a["a"] = sum(30);
	@a["b"] = sum(10);
	@a["c"] = sum(20);
	printa("%s %@d\n", @a);
	exit(0);
}
