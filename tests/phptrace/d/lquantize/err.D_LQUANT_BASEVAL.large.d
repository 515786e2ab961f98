/* lquantize: argument #1 must be a 32-bit quantity */

BEGIN
{
	@ = lquantize(1, 2147483648, 2147483650);
	exit(0);
}
