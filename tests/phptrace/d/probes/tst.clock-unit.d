/* status: 1 */
/* microseconds have two letters */

tick-500u
{
	exit(0);
}
