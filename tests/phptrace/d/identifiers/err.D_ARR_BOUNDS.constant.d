/* an index beyond the array */

int a[5];

BEGIN
{
	x = a[5];
	exit(0);
}
