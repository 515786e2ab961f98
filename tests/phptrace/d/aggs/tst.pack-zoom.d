/* options: -q -xaggpack -xaggzoom -xencoding=ascii */

BEGIN
{
	@[1] = quantize(1);
	@[1] = quantize(2);
	@[1] = quantize(2);
	@[1] = quantize(2);
	@[1] = quantize(2);
	exit(0);
}
