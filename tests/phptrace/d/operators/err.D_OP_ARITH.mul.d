/* an operand that is not arithmetic: "a" * 2 */

int *p;

BEGIN
{
	x = "a" * 2;
	exit(0);
}
