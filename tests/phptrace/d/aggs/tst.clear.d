/* clear keeps the keys and zeroes the values */

#pragma D option quiet

BEGIN
{
	@a["one"] = sum(1);
	@a["two"] = sum(2);
	@a["three"] = sum(3);
	@a["four"] = sum(4);
	clear(@a);
	exit(0);
}
