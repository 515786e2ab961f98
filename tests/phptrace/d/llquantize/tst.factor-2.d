/* factor 2 */

#pragma D option quiet

BEGIN
{
	@ = llquantize(1, 2, 0, 6, 2);
	@ = llquantize(2, 2, 0, 6, 2);
	@ = llquantize(3, 2, 0, 6, 2);
	@ = llquantize(4, 2, 0, 6, 2);
	@ = llquantize(8, 2, 0, 6, 2);
	@ = llquantize(100, 2, 0, 6, 2);
	exit(0);
}
