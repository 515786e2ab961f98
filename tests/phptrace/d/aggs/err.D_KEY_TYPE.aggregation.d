/* an aggregation as key */

BEGIN
{
	@a = count();
	@b[@a] = count();
	exit(0);
}
