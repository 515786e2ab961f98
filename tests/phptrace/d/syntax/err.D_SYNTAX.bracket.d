/* a bracket that is not closed */

BEGIN
{
	x = a[1;
	exit(0);
}
