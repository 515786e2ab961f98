/* a negative size */

char *p;

BEGIN
{
	tracemem(p, -4);
	exit(0);
}
