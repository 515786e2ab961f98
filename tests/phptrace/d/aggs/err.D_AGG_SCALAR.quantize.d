/* quantize() of a string */

BEGIN
{
	@a = quantize("x");
	exit(0);
}
