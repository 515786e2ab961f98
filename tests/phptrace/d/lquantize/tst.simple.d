/* values within the bounds */

#pragma D option quiet

BEGIN
{
	@ = lquantize(1, 0, 10);
	@ = lquantize(2, 0, 10);
	@ = lquantize(3, 0, 10);
	@ = lquantize(3, 0, 10);
	@ = lquantize(5, 0, 10);
	exit(0);
}
