/* increments of both signs halve the bars */

#pragma D option quiet

BEGIN
{
	@ = quantize(5, 10);
	@ = quantize(50, -5);
	@ = quantize(500, 5);
	exit(0);
}
