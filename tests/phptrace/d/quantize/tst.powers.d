/* one value a bucket */

#pragma D option quiet

BEGIN
{
	@ = quantize(1);
	@ = quantize(2);
	@ = quantize(4);
	@ = quantize(8);
	@ = quantize(16);
	exit(0);
}
