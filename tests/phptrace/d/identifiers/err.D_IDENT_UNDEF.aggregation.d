/* an unknown aggregation */

BEGIN
{
	clear(@nosuch);
	exit(0);
}
