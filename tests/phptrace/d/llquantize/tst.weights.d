/* the increment as last argument */

#pragma D option quiet

BEGIN
{
	@ = llquantize(5, 10, 0, 2, 10, 10);
	@ = llquantize(50, 10, 0, 2, 10, 5);
	exit(0);
}
