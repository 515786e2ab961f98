/* values of both signs around the first magnitude */

#pragma D option quiet

BEGIN
{
	@ = llquantize(-55, 10, 1, 2, 10);
	@ = llquantize(-1, 10, 1, 2, 10);
	@ = llquantize(0, 10, 1, 2, 10);
	@ = llquantize(1, 10, 1, 2, 10);
	@ = llquantize(55, 10, 1, 2, 10);
	exit(0);
}
