/* values below, within and above */

#pragma D option quiet

BEGIN
{
	@ = lquantize(-5, 0, 100, 10);
	@ = lquantize(50, 0, 100, 10);
	@ = lquantize(500, 0, 100, 10);
	exit(0);
}
