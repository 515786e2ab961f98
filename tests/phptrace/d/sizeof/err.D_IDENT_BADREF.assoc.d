/* sizeof of an associative array */

BEGIN
{
	a[0] = 1;
	x = sizeof (a);
	exit(0);
}
