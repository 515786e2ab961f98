/* max with 2 arguments */

BEGIN
{
	@ = max(1, 2);
	exit(0);
}
