/* llquantize with 4 arguments */

BEGIN
{
	@ = llquantize(1, 10, 0, 3);
	exit(0);
}
