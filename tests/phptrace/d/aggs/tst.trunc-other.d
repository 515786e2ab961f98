/* trunc leaves other aggregations */

#pragma D option quiet

BEGIN
{
	@a["one"] = sum(1);
	@a["two"] = sum(2);
	@a["three"] = sum(3);
	@a["four"] = sum(4);
	@b["x"] = count();
	trunc(@a, 1);
	exit(0);
}
