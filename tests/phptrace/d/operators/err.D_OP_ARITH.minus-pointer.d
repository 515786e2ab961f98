/* an operand that is not arithmetic: -p */

int *p;

BEGIN
{
	x = -p;
	exit(0);
}
