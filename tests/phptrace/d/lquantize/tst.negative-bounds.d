/* negative bounds only */

#pragma D option quiet

BEGIN
{
	@ = lquantize(-15, -20, -10, 2);
	@ = lquantize(-11, -20, -10, 2);
	@ = lquantize(-5, -20, -10, 2);
	@ = lquantize(-20, -20, -10, 2);
	@ = lquantize(-21, -20, -10, 2);
	exit(0);
}
