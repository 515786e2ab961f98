/* max() of a string */

BEGIN
{
	@a = max("x");
	exit(0);
}
