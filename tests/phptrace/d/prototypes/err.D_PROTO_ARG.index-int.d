/* index with an argument of the wrong type */

BEGIN
{
	x = index("abc", 5);
	exit(0);
}
