/* substr with 1 argument */

BEGIN
{
	s = substr("a");
	exit(0);
}
