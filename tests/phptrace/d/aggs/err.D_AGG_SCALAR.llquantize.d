/* llquantize() of a string */

BEGIN
{
	@a = llquantize("x", 10, 0, 3, 10);
	exit(0);
}
