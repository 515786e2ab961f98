/* negative increments */

#pragma D option quiet

BEGIN
{
	@ = lquantize(1, 0, 5, 1, -10);
	@ = lquantize(3, 0, 5, 1, -5);
	exit(0);
}
