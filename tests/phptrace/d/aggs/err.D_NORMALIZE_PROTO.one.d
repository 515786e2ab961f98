/* normalize() without the normal */

BEGIN
{
	@a = sum(1);
	normalize(@a);
	exit(0);
}
