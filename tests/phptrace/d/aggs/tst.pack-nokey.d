/* options: -q -xaggpack -xencoding=ascii */

BEGIN
{
	@ = quantize(0);
	@ = quantize(1);
	exit(0);
}
