/* an operand that is no integer: "a" % 2 */

string s;
int *p;

BEGIN
{
	x = "a" % 2;
	exit(0);
}
