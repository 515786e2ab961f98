/* options: -q -xagghist -xaggzoom */

BEGIN
{
	@["a"] = sum(50);
	@["b"] = sum(100);
	exit(0);
}
