/* llquantize with a bad step: uneven */

BEGIN
{
	@ = llquantize(1, 10, 0, 3, 15);
	exit(0);
}
