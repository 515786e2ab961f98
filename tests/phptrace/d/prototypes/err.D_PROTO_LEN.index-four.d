/* index with 4 arguments */

BEGIN
{
	x = index("a", "b", 1, 2);
	exit(0);
}
