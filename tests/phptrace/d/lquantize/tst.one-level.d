/* a single level */

#pragma D option quiet

BEGIN
{
	@ = lquantize(0, 0, 5, 5);
	@ = lquantize(1, 0, 5, 5);
	@ = lquantize(5, 0, 5, 5);
	@ = lquantize(-1, 0, 5, 5);
	exit(0);
}
