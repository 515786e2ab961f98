/* string keys, in ascending order of value */

#pragma D option quiet

BEGIN
{
	@["one"] = sum(3);
	@["two"] = sum(1);
	@["three"] = sum(2);
	exit(0);
}
