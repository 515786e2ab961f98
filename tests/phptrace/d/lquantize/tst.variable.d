/* values from variables */

#pragma D option quiet

int x;

BEGIN
{
	x = 3;
	@ = lquantize(x, 0, 10);
	x *= 2;
	@ = lquantize(x, 0, 10);
	@ = lquantize(x + 1, 0, 10);
	exit(0);
}
