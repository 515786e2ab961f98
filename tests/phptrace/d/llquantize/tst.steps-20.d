/* more steps than the factor, from magnitude 1 */

#pragma D option quiet

BEGIN
{
	@ = llquantize(10, 10, 1, 2, 20);
	@ = llquantize(12, 10, 1, 2, 20);
	@ = llquantize(15, 10, 1, 2, 20);
	@ = llquantize(99, 10, 1, 2, 20);
	@ = llquantize(100, 10, 1, 2, 20);
	@ = llquantize(150, 10, 1, 2, 20);
	exit(0);
}
