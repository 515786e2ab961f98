/* llquantize with a bad step: variable */

int x;

BEGIN
{
	@ = llquantize(1, 10, 0, 3, x);
	exit(0);
}
