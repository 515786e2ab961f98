/* division by the constant 0 */

BEGIN
{
	x = 5 / 0;
	exit(0);
}
