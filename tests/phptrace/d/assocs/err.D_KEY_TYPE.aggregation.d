/* an aggregation as key */

BEGIN
{
	@a = count();
	b[@a] = 1;
	exit(0);
}
