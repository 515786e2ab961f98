/* substr with 4 arguments */

BEGIN
{
	s = substr("a", 1, 2, 3);
	exit(0);
}
