/* values below the first magnitude */

#pragma D option quiet

BEGIN
{
	@ = llquantize(0, 10, 1, 3, 10);
	@ = llquantize(5, 10, 1, 3, 10);
	@ = llquantize(50, 10, 1, 3, 10);
	@ = llquantize(500, 10, 1, 3, 10);
	exit(0);
}
