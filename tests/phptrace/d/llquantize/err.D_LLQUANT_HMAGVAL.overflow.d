/* llquantize with a bad hmag: overflow */

BEGIN
{
	@ = llquantize(1, 10, 0, 100, 10);
	exit(0);
}
