/* clear with 0 arguments */

BEGIN
{
	clear();
	exit(0);
}
