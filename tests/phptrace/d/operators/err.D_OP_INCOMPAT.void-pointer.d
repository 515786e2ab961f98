/* arithmetic on a void pointer */

void *p;

BEGIN
{
	x = (int)(p + 1);
	exit(0);
}
