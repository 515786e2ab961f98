/* * of a pointer to a function */

int (*f)(int);

BEGIN
{
	x = *f;
	exit(0);
}
