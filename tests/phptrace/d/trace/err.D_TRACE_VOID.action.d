/* trace of an action */

BEGIN
{
	trace(trace(1));
	exit(0);
}
