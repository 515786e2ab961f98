/* lquantize with 2 arguments */

BEGIN
{
	@ = lquantize(1, 2);
	exit(0);
}
