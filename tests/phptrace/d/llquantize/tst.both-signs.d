/* values of both signs */

#pragma D option quiet

BEGIN
{
	@ = llquantize(-55, 10, 0, 2, 10);
	@ = llquantize(-1, 10, 0, 2, 10);
	@ = llquantize(0, 10, 0, 2, 10);
	@ = llquantize(1, 10, 0, 2, 10);
	@ = llquantize(55, 10, 0, 2, 10);
	exit(0);
}
