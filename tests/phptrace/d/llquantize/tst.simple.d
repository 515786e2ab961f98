/* factor 10, magnitudes 0 to 3 */

#pragma D option quiet

BEGIN
{
	@ = llquantize(1, 10, 0, 3, 10);
	@ = llquantize(5, 10, 0, 3, 10);
	@ = llquantize(9, 10, 0, 3, 10);
	@ = llquantize(10, 10, 0, 3, 10);
	@ = llquantize(55, 10, 0, 3, 10);
	@ = llquantize(99, 10, 0, 3, 10);
	@ = llquantize(100, 10, 0, 3, 10);
	@ = llquantize(500, 10, 0, 3, 10);
	@ = llquantize(999, 10, 0, 3, 10);
	@ = llquantize(1000, 10, 0, 3, 10);
	exit(0);
}
