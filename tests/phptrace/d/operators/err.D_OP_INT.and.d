/* an operand that is no integer: "a" & 1 */

string s;
int *p;

BEGIN
{
	x = "a" & 1;
	exit(0);
}
