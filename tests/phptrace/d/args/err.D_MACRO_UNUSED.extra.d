/* an argument that the program does not use */
/* args: 1 2 */

BEGIN
{
	x = $1;
	exit(0);
}
