/* normalize() of a number */

BEGIN
{
	normalize(5, 2);
	exit(0);
}
