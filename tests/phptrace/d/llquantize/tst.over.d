/* values at and above the last magnitude */

#pragma D option quiet

BEGIN
{
	@ = llquantize(5, 10, 0, 3, 10);
	@ = llquantize(10000, 10, 0, 3, 10);
	@ = llquantize(50000, 10, 0, 3, 10);
	exit(0);
}
