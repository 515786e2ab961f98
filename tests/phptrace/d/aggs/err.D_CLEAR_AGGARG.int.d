/* clear() of a number */

BEGIN
{
	clear(5);
	exit(0);
}
