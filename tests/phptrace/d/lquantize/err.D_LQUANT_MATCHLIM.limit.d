/* another limit in a second lquantize() */

BEGIN
{
	@ = lquantize(1, 0, 100, 5);
	@ = lquantize(1, 0, 50, 5);
	exit(0);
}
