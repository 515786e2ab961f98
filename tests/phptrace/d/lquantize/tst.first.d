/* a value in the first bucket */

#pragma D option quiet

BEGIN
{
	@ = lquantize(0, 0, 5);
	exit(0);
}
