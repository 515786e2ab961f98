/* ++ of a constant */

BEGIN
{
	5++;
	exit(0);
}
