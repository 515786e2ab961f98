/* functions may differ */

#pragma D option quiet

BEGIN
{
	@c["k"] = count();
	@v["k"] = avg(10);
	@v["k"] = avg(20);
	@x["k"] = max(7);
	printa("%s %@d %@d %@d\n", @c, @v, @x);
	exit(0);
}
