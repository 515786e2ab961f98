/* a variable that was never set */

BEGIN
{
	trace(nosuch);
	exit(0);
}
