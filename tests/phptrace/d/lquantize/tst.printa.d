/* histograms by printa with a format */

#pragma D option quiet

BEGIN
{
	@a["a"] = lquantize(1, 0, 10);
	@a["a"] = lquantize(3, 0, 10);
	printa("%s:%@d\n", @a);
	exit(0);
}
