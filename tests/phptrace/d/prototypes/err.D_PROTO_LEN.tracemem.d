/* tracemem with 1 argument */

BEGIN
{
	tracemem(0);
	exit(0);
}
