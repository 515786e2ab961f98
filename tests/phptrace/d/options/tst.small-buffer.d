/* a record must fit the buffer */

/* status: 1 */
/* options: -b 3 */
BEGIN
{
	exit(0);
}
