/* values at the edges of the steps */

#pragma D option quiet

BEGIN
{
	@ = lquantize(0, 0, 30, 10);
	@ = lquantize(9, 0, 30, 10);
	@ = lquantize(10, 0, 30, 10);
	@ = lquantize(19, 0, 30, 10);
	@ = lquantize(20, 0, 30, 10);
	@ = lquantize(29, 0, 30, 10);
	exit(0);
}
