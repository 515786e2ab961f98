/* a single value */

#pragma D option quiet

BEGIN
{
	@ = llquantize(3, 10, 0, 2, 10);
	exit(0);
}
