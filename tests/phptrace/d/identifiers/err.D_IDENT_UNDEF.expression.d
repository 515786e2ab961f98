/* an unknown name in an expression */

BEGIN
{
	x = 1 + nosuch * 2;
	exit(0);
}
