/* tracemem with 4 arguments */

BEGIN
{
	tracemem(0, 1, 1, 1);
	exit(0);
}
