/* %= 0 */

int y;

BEGIN
{
	y %= 0;
	exit(0);
}
