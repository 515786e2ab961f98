/* a clause that only aggregates has no row */

BEGIN
{
	@["k"] = count();
}

BEGIN
{
	exit(0);
}
