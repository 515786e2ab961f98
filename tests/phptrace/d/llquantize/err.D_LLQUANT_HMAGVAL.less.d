/* llquantize with a bad hmag: less */

BEGIN
{
	@ = llquantize(1, 10, 3, 1, 10);
	exit(0);
}
