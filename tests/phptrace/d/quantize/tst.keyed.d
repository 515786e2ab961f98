/* a histogram for each key */

#pragma D option quiet

BEGIN
{
	@["a"] = quantize(1);
	@["b"] = quantize(5);
	@["b"] = quantize(6);
	exit(0);
}
