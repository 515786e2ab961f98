/* options: -w */
/* status: 1 */

BEGIN
{
	chill(10);
	exit(0);
}
