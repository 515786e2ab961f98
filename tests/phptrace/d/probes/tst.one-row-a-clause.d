/* each clause has its row */

BEGIN
{
	trace("one");
}

BEGIN
{
	trace("two");
	exit(0);
}
