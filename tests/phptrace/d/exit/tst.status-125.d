/* exit(125) is the exit status */
/* status: 125 */

BEGIN
{
	exit(125);
}
