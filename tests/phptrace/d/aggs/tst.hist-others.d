/* options: -q -xagghist */

BEGIN
{
	@a["x"] = min(4);
	@b = quantize(2);
	exit(0);
}
