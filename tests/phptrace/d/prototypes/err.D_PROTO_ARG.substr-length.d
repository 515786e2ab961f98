/* substr with an argument of the wrong type */

BEGIN
{
	s = substr("abc", 1, "1");
	exit(0);
}
