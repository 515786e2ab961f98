/* an aggregation as operand of a comma */

BEGIN
{
	@a = count();
	x = (@a, 1);
	exit(0);
}
