/* avg() of a string */

BEGIN
{
	@a = avg("x");
	exit(0);
}
