/* alloca with 0 arguments */

BEGIN
{
	p = alloca();
	exit(0);
}
