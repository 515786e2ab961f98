/* lquantize: argument #2 must be an integer constant */

int x;

BEGIN
{
	@ = lquantize(1, 0, x);
	exit(0);
}
