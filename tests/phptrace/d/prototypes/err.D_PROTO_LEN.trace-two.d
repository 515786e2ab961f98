/* trace with 2 arguments */

BEGIN
{
	trace(1, 2);
	exit(0);
}
