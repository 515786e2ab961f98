/* an operand that is no integer: p & 1 */

string s;
int *p;

BEGIN
{
	x = p & 1;
	exit(0);
}
