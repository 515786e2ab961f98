/* an operand that is not arithmetic: +"abc" */

int *p;

BEGIN
{
	x = +"abc";
	exit(0);
}
