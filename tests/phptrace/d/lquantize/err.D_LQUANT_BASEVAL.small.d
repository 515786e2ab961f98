/* lquantize: argument #1 must be a 32-bit quantity */

BEGIN
{
	@ = lquantize(1, -2147483649, 10);
	exit(0);
}
