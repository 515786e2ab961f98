/* quantize with 0 arguments */

BEGIN
{
	@ = quantize();
	exit(0);
}
