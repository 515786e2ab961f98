/* the increment as second argument */

#pragma D option quiet

BEGIN
{
	@ = quantize(5, 10);
	@ = quantize(50, 3);
	@ = quantize(500);
	exit(0);
}
