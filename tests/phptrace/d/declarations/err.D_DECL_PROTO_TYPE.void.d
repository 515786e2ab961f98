/* void as key */

int a[void];

BEGIN
{
	exit(0);
}
