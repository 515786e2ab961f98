/* exit with 2 arguments */

BEGIN
{
	exit(1, 2);
	exit(0);
}
