/* a dimension of 0 */

int a[0];

BEGIN
{
	exit(0);
}
