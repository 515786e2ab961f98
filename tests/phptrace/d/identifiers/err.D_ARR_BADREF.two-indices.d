/* an array of scalars with two indices */

int a[5];

BEGIN
{
	x = a[1, 2];
	exit(0);
}
