/* large bounds and step */

#pragma D option quiet

BEGIN
{
	@ = lquantize(0, 0, 1000000, 50000);
	@ = lquantize(50000, 0, 1000000, 50000);
	@ = lquantize(999999, 0, 1000000, 50000);
	@ = lquantize(1000000, 0, 1000000, 50000);
	exit(0);
}
