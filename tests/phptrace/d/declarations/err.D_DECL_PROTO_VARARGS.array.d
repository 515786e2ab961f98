/* ... as key */

int a[int, ...];

BEGIN
{
	exit(0);
}
