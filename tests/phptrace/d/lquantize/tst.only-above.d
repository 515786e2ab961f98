/* only values above the limit */

#pragma D option quiet

BEGIN
{
	@ = lquantize(100, 0, 100, 10);
	exit(0);
}
