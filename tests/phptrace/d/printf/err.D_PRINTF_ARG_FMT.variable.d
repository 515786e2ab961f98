/* a format that is no constant */

BEGIN
{
	s = "x";
	printf(s);
	exit(0);
}
