/* values from variables */

#pragma D option quiet

int x;

BEGIN
{
	x = 3;
	@ = quantize(x);
	x *= 2;
	@ = quantize(x);
	@ = quantize(x + 1);
	exit(0);
}
