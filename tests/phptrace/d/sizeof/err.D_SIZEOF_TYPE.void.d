/* sizeof of void */

BEGIN
{
	x = sizeof (void);
	exit(0);
}
