/* sizeof of an unknown name */

BEGIN
{
	x = sizeof (nosuch);
	exit(0);
}
