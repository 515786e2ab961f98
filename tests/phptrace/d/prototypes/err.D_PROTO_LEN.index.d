/* index with 1 argument */

BEGIN
{
	x = index("a");
	exit(0);
}
