/* trace of expressions */

int x;

BEGIN
{
	x = 7;
	trace(1 + 2);
	trace(3 > 2);
	trace(x * 2);
	exit(0);
}
