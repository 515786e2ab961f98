/* a string as predicate */

BEGIN
/probename/
{
	exit(0);
}
