/* an operand that is no integer: s ^ s */

string s;
int *p;

BEGIN
{
	x = s ^ s;
	exit(0);
}
