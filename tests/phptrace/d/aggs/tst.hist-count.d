/* options: -q -xagghist */

BEGIN
{
	@["a"] = count();
	@["b"] = count();
	@["b"] = count();
	@["b"] = count();
	exit(0);
}
