/* bounds on both sides of 0 */

#pragma D option quiet

BEGIN
{
	@ = lquantize(-95, -100, 100, 10);
	@ = lquantize(-50, -100, 100, 10);
	@ = lquantize(-1, -100, 100, 10);
	@ = lquantize(0, -100, 100, 10);
	@ = lquantize(1, -100, 100, 10);
	@ = lquantize(49, -100, 100, 10);
	@ = lquantize(99, -100, 100, 10);
	exit(0);
}
