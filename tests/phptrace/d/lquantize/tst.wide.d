/* five thousand buckets */

#pragma D option quiet

BEGIN
{
	@ = lquantize(42, 0, 5000);
	@ = lquantize(44, 0, 5000);
	@ = lquantize(42, 0, 5000);
	exit(0);
}
