/* llquantize with a bad factor: variable */

int x;

BEGIN
{
	@ = llquantize(1, x, 0, 3, 10);
	exit(0);
}
