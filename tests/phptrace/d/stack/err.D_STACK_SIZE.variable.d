/* stack of a variable */

int x;

BEGIN
{
	stack(x);
	exit(0);
}
