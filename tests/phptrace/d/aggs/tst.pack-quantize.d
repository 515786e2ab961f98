/* options: -q -xaggpack -xencoding=ascii */

BEGIN
{
	@["a"] = quantize(1);
	@["a"] = quantize(2);
	@["a"] = quantize(2);
	@["a"] = quantize(2);
	@["b"] = quantize(8);
	exit(0);
}
