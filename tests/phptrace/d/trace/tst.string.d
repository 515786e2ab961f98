/* trace of a string */

BEGIN
{
	trace("hello world");
	exit(0);
}
