/* -> on a pointer to an integer */

int *p;

BEGIN
{
	trace(p->x);
	exit(0);
}
