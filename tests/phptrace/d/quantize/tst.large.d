/* 64-bit values */

#pragma D option quiet

BEGIN
{
	@ = quantize(1099511627776);
	@ = quantize(1099511627777);
	@ = quantize(35184372088832);
	exit(0);
}
