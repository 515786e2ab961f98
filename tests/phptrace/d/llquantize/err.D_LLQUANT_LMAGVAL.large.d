/* llquantize with a bad lmag: large */

BEGIN
{
	@ = llquantize(1, 10, 65536, 3, 10);
	exit(0);
}
