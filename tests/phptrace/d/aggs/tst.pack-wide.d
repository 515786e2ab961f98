/* options: -q -xaggpack -xencoding=ascii */

BEGIN
{
	@[1] = quantize(131072);
	@[1] = quantize(1048576);
	exit(0);
}
