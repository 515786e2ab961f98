/* min with 0 arguments */

BEGIN
{
	@ = min();
	exit(0);
}
