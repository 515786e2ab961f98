/* -> on an integer */

int x;

BEGIN
{
	x->y = 1;
	exit(0);
}
