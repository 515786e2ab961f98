/* lquantize: argument #1 must be an integer constant */

int x;

BEGIN
{
	@ = lquantize(1, x, 10);
	exit(0);
}
