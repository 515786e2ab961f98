/* a number assigned to an aggregation */

BEGIN
{
	@a = 5;
	exit(0);
}
