/* assignment to an expression */

int x;

BEGIN
{
	(x + 1) = 2;
	exit(0);
}
