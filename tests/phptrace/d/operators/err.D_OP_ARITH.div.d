/* an operand that is not arithmetic: p / 2 */

int *p;

BEGIN
{
	x = p / 2;
	exit(0);
}
