/* sizeof of a structure that is only named */

BEGIN
{
	x = sizeof (struct nosuch);
	exit(0);
}
