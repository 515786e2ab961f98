/* options: -q -xaggpack -xencoding=ascii */

BEGIN
{
	@["a"] = lquantize(-1, 0, 30, 10);
	@["b"] = lquantize(15, 0, 30, 10);
	@["b"] = lquantize(15, 0, 30, 10);
	@["b"] = lquantize(40, 0, 30, 10);
	exit(0);
}
