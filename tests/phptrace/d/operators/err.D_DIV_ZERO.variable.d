/* a variable divided by the constant 0 */

int y;

BEGIN
{
	x = y / 0;
	exit(0);
}
