/* the sum of two pointers */

int *p;

BEGIN
{
	x = p + p;
	exit(0);
}
