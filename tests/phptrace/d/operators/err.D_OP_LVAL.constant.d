/* assignment to a constant */

int x;

BEGIN
{
	5 = x;
	exit(0);
}
