/* printf with 0 arguments */

BEGIN
{
	printf();
	exit(0);
}
