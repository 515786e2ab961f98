/* more keys than the array has */

BEGIN
{
	a[1] = 1;
	trace(a[1, 2]);
	exit(0);
}
