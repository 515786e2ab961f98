/* equal values are ordered by key */

#pragma D option quiet

BEGIN
{
	@["b"] = count();
	@["a"] = count();
	@["c"] = count();
	@["ab"] = count();
	exit(0);
}
