/* values below the base */

#pragma D option quiet

BEGIN
{
	@ = lquantize(-1, 0, 10);
	@ = lquantize(-100, 0, 10);
	@ = lquantize(5, 0, 10);
	exit(0);
}
