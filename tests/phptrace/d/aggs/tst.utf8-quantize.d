/* options: -q -xencoding=utf8 */

BEGIN
{
	@ = quantize(1);
	@ = quantize(2);
	@ = quantize(2);
	exit(0);
}
