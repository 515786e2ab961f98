/* all functions with one key */

#pragma D option quiet

BEGIN
{
	@count["k"] = count();
	@sum["k"] = sum(4);
	@avg["k"] = avg(4);
	@min["k"] = min(4);
	@max["k"] = max(4);
	@stddev["k"] = stddev(4);
	exit(0);
}
