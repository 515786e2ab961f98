/* lquantize with 1 argument */

BEGIN
{
	@ = lquantize(1);
	exit(0);
}
