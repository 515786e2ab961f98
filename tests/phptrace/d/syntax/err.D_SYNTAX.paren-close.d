/* a parenthesis that was not opened */

BEGIN
{
	x = 1 + 2);
	exit(0);
}
