/* rows of a tick */

tick-20ms
{
	trace("tick");
	exit(0);
}
