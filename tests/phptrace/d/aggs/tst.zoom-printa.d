/* options: -q -xaggzoom */

BEGIN
{
	@ = quantize(2);
	printa("[%@d]\n", @);
	exit(0);
}
