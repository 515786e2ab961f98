/* lquantize: argument #2 must be a 32-bit quantity */

BEGIN
{
	@ = lquantize(1, 0, 2147483648);
	exit(0);
}
