/* exit(3) is the exit status */
/* status: 3 */

BEGIN
{
	exit(3);
}
