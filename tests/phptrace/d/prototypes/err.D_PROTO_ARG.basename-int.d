/* basename with an argument of the wrong type */

BEGIN
{
	s = basename(5);
	exit(0);
}
