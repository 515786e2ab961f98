/* fewer keys than the array has */

BEGIN
{
	a[1, 2] = 1;
	trace(a[1]);
	exit(0);
}
