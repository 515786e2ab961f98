/* exit(2) is the exit status */
/* status: 2 */

BEGIN
{
	exit(2);
}
