/* min() of a string */

BEGIN
{
	@a = min("x");
	exit(0);
}
