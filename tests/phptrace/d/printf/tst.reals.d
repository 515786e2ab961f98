/* floating-point conversions of variables never set */

#pragma D option quiet

float f;
double d;

BEGIN
{
	printf("%f|%e|%g|%E|%G|%8.2f|%-8.1f|%+.1f|\n", f, f, f, d, d, d, d, d);
	exit(0);
}
