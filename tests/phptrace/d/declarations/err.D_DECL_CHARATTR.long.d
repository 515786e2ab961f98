/* long char */

long char c;

BEGIN
{
	exit(0);
}
