/* exit with 0 arguments */

BEGIN
{
	exit();
	exit(0);
}
