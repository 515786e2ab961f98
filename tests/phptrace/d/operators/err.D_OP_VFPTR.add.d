/* += on a void pointer */

void *p;

BEGIN
{
	p += 1;
	exit(0);
}
