/* trunc with 0 arguments */

BEGIN
{
	trunc();
	exit(0);
}
