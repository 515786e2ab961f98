/* . on an integer */

int x;

BEGIN
{
	trace(x.y);
	exit(0);
}
