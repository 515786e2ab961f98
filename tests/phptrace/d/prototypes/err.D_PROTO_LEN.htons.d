/* htons with 0 arguments */

BEGIN
{
	x = htons();
	exit(0);
}
