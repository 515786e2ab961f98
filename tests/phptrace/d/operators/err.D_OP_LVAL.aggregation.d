/* assignment to an aggregation that was assigned */

BEGIN
{
	(@a = count()) = count();
	exit(0);
}
