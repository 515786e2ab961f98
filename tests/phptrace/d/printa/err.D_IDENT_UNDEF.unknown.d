/* printa of an unknown aggregation */

BEGIN
{
	printa(@nosuch);
	exit(0);
}
