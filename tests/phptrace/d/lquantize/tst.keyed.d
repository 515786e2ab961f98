/* a histogram for each key */

#pragma D option quiet

BEGIN
{
	@["a"] = lquantize(1, 0, 10);
	@["b"] = lquantize(5, 0, 10);
	@["b"] = lquantize(6, 0, 10);
	exit(0);
}
