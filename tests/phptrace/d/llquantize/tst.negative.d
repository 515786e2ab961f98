/* negative values mirror positive ones */

#pragma D option quiet

BEGIN
{
	@ = llquantize(-5, 10, 0, 3, 10);
	@ = llquantize(-50, 10, 0, 3, 10);
	@ = llquantize(-500, 10, 0, 3, 10);
	@ = llquantize(-50000, 10, 0, 3, 10);
	exit(0);
}
