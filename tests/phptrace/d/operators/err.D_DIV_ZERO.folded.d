/* division by an expression that is 0 */

BEGIN
{
	x = 1 / (2 - 2);
	exit(0);
}
