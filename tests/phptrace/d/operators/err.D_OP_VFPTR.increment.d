/* ++ of a void pointer */

void *p;

BEGIN
{
	p++;
	exit(0);
}
