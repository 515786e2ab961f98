/* an operand that is no integer: 1 | "a" */

string s;
int *p;

BEGIN
{
	x = 1 | "a";
	exit(0);
}
