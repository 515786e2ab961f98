/* another hmag in a second llquantize() */

BEGIN
{
	@ = llquantize(1, 10, 0, 3, 10);
	@ = llquantize(1, 10, 0, 4, 10);
	exit(0);
}
