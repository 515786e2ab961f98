/* negative increments only */

#pragma D option quiet

BEGIN
{
	@ = quantize(5, -10);
	@ = quantize(50, -3);
	exit(0);
}
