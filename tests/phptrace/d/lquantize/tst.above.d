/* values at and above the limit */

#pragma D option quiet

BEGIN
{
	@ = lquantize(10, 0, 10);
	@ = lquantize(11, 0, 10);
	@ = lquantize(1000, 0, 10);
	@ = lquantize(5, 0, 10);
	exit(0);
}
