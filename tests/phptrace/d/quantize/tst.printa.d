/* histograms by printa with a format */

#pragma D option quiet

BEGIN
{
	@a["a"] = quantize(1);
	@a["a"] = quantize(3);
	printa("%s:%@d\n", @a);
	exit(0);
}
