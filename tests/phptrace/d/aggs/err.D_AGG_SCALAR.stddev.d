/* stddev() of a string */

BEGIN
{
	@a = stddev("x");
	exit(0);
}
