/* a parenthesis open at the end of the predicate */

BEGIN
/(1 > 0/
{
	exit(0);
}
