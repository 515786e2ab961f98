/* only values below the base */

#pragma D option quiet

BEGIN
{
	@ = lquantize(-1, 0, 100, 10);
	exit(0);
}
