/* another step in a second lquantize() */

BEGIN
{
	@ = lquantize(1, 0, 100, 5);
	@ = lquantize(1, 0, 100, 10);
	exit(0);
}
