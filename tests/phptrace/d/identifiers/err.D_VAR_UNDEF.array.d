/* an array that was never set */

BEGIN
{
	trace(a["x"]);
	exit(0);
}
