/* an operand that is no integer: ~"a" */

string s;
int *p;

BEGIN
{
	x = ~"a";
	exit(0);
}
