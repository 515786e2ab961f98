/* trace of an aggregation */

BEGIN
{
	@a = count();
	trace(@a);
	exit(0);
}
