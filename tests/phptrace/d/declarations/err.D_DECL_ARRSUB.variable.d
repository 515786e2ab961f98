/* a dimension that is no constant */

int n;
int a[n];

BEGIN
{
	exit(0);
}
