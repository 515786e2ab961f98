/* a histogram for each key */

#pragma D option quiet

BEGIN
{
	@["a"] = llquantize(1, 10, 0, 2, 10);
	@["b"] = llquantize(55, 10, 0, 2, 10);
	exit(0);
}
