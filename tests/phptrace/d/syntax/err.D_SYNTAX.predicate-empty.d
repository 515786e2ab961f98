/* an empty predicate */

BEGIN
/ /
{
	exit(0);
}
