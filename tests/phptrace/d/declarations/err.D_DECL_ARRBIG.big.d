/* a dimension above 32 bits */

int a[4294967296];

BEGIN
{
	exit(0);
}
