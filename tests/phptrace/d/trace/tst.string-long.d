/* trace of a string longer than its column */

BEGIN
{
	trace("a string of more than thirty-three characters");
	exit(0);
}
