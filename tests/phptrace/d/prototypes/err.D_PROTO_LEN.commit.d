/* commit with 0 arguments */

BEGIN
{
	commit();
	exit(0);
}
