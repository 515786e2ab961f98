/* the greatest and the least value */

#pragma D option quiet

BEGIN
{
	@ = quantize(9223372036854775807);
	@ = quantize(-9223372036854775807);
	exit(0);
}
