/* lquantize: argument #3 must be a non-zero positive integer constant */

int x;

BEGIN
{
	@ = lquantize(1, 0, 10, x);
	exit(0);
}
