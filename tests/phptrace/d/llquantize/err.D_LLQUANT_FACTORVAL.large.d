/* llquantize with a bad factor: large */

BEGIN
{
	@ = llquantize(1, 65536, 0, 3, 65536);
	exit(0);
}
