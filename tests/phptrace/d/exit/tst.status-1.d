/* exit(1) is the exit status */
/* status: 1 */

BEGIN
{
	exit(1);
}
