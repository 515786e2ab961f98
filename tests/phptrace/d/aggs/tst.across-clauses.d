/* clauses add to one aggregation */

#pragma D option quiet

BEGIN
{
	@a["x"] = count();
}

BEGIN
{
	@a["x"] = count();
	@a["y"] = count();
}

BEGIN
{
	exit(0);
}

END
{
	@a["x"] = count();
}
