/* llquantize with a bad hmag: variable */

int x;

BEGIN
{
	@ = llquantize(1, 10, 0, x, 10);
	exit(0);
}
