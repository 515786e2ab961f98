/* an argument above 64 bits */
/* args: 99999999999999999999 */

BEGIN
{
	x = $1;
	exit(0);
}
