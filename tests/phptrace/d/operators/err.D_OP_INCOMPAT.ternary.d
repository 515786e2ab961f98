/* sides of ?: of different types */

int y;

BEGIN
{
	x = y ? 1 : "a";
	exit(0);
}
