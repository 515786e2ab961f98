/* llquantize with a bad hmag: large */

BEGIN
{
	@ = llquantize(1, 10, 0, 65536, 10);
	exit(0);
}
