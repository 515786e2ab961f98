/* counts divided by the normal */

#pragma D option quiet

BEGIN
{
	@ = llquantize(5, 10, 0, 2, 10, 100);
	@ = llquantize(50, 10, 0, 2, 10, 50);
	normalize(@, 50);
	exit(0);
}
