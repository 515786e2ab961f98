/* basename with 2 arguments */

BEGIN
{
	s = basename("a", "b");
	exit(0);
}
