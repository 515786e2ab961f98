/* -> through a structure that is only named */

struct nosuch *p;

BEGIN
{
	trace(p->x);
	exit(0);
}
