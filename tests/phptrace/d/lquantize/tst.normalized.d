/* counts divided by the normal */

#pragma D option quiet

BEGIN
{
	@ = lquantize(1, 0, 5, 1, 100);
	@ = lquantize(2, 0, 5, 1, 50);
	normalize(@, 50);
	exit(0);
}
