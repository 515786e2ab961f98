/* the address of a variable */

int x;

BEGIN
{
	p = &x;
	exit(0);
}
