/* llquantize with a bad factor: small */

BEGIN
{
	@ = llquantize(1, 1, 0, 3, 10);
	exit(0);
}
