/* a scalar declared again as array */

int x;
int x[int];

BEGIN
{
	exit(0);
}
