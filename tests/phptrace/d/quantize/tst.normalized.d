/* counts are divided by the normal, bars are not */

#pragma D option quiet

BEGIN
{
	@ = quantize(5, 10);
	@ = quantize(50, 30);
	normalize(@, 10);
	exit(0);
}
