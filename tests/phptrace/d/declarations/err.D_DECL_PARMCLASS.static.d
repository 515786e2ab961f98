/* a storage class in a key */

int a[static int];

BEGIN
{
	exit(0);
}
