/* trace of an int */

BEGIN
{
	trace(42);
	exit(0);
}
