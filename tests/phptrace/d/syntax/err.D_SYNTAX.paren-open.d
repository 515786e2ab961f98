/* a parenthesis that is not closed */

BEGIN
{
	x = (1 + 2;
	exit(0);
}
