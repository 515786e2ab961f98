/* an operator without its right side in parentheses */

BEGIN
{
	x = (1 + );
	exit(0);
}
