/* a size of 0 */

char *p;

BEGIN
{
	tracemem(p, 0);
	exit(0);
}
