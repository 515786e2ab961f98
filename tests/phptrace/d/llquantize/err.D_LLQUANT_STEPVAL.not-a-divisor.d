/* llquantize with a bad step: not-a-divisor */

BEGIN
{
	@ = llquantize(1, 10, 0, 3, 3);
	exit(0);
}
