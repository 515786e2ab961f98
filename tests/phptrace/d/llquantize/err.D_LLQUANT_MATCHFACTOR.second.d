/* another factor in a second llquantize() */

BEGIN
{
	@ = llquantize(1, 10, 0, 3, 10);
	@ = llquantize(1, 2, 0, 3, 2);
	exit(0);
}
