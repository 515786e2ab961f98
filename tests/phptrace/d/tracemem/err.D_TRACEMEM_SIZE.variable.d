/* a size that is no constant */

int x;
char *p;

BEGIN
{
	tracemem(p, x);
	exit(0);
}
