/* negative and positive values */

#pragma D option quiet

BEGIN
{
	@ = quantize(-10);
	@ = quantize(-5);
	@ = quantize(-1);
	@ = quantize(0);
	@ = quantize(1);
	@ = quantize(5);
	@ = quantize(10);
	exit(0);
}
