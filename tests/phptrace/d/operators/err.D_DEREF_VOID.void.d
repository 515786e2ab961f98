/* * of a void pointer */

void *p;

BEGIN
{
	trace(*p);
	exit(0);
}
