/* lquantize() of a string */

BEGIN
{
	@a = lquantize("x", 0, 10);
	exit(0);
}
