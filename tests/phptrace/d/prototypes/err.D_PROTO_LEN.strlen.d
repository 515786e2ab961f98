/* strlen with 0 arguments */

BEGIN
{
	x = strlen();
	exit(0);
}
