/* a negative string size */

BEGIN
{
	ustack(5, -1);
	exit(0);
}
