/* many values in one bucket */

#pragma D option quiet

BEGIN
{
	@ = quantize(100);
	@ = quantize(100);
	@ = quantize(100);
	@ = quantize(100);
	@ = quantize(100);
	@ = quantize(100);
	@ = quantize(100);
	@ = quantize(100);
	@ = quantize(1000);
	exit(0);
}
