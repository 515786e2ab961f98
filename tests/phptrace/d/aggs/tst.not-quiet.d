/* aggregations follow after a blank line */

BEGIN
{
	@["k"] = count();
	exit(0);
}
