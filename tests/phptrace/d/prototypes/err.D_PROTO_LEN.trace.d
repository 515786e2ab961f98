/* trace with 0 arguments */

BEGIN
{
	trace();
	exit(0);
}
