/* negative values come first */

#pragma D option quiet

BEGIN
{
	@["a"] = sum(5);
	@["b"] = sum(-5);
	@["c"] = sum(0);
	@["d"] = sum(-6);
	exit(0);
}
