/* a bracket open at the end of the predicate */

BEGIN
/a[1/
{
	exit(0);
}
