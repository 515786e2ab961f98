/* llquantize with a bad lmag: variable */

int x;

BEGIN
{
	@ = llquantize(1, 10, x, 3, 10);
	exit(0);
}
