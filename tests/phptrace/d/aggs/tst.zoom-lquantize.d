/* options: -q -xaggzoom */

BEGIN
{
	@ = lquantize(5, 0, 30, 10);
	@ = lquantize(15, 0, 30, 10);
	@ = lquantize(17, 0, 30, 10);
	exit(0);
}
