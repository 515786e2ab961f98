/* llquantize with a bad step: large */

BEGIN
{
	@ = llquantize(1, 10, 0, 3, 65536);
	exit(0);
}
