/* void among other parameters */

int (*f)(void, int);

BEGIN
{
	exit(0);
}
