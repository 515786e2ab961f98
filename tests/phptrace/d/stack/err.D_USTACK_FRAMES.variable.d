/* ustack of a variable */

int x;

BEGIN
{
	ustack(x);
	exit(0);
}
