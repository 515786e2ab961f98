/* a named void parameter */

int (*f)(void x);

BEGIN
{
	exit(0);
}
