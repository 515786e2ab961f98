/* options: -q -xagghist */

BEGIN
{
	@["a key longer than sixteen"] = count();
	exit(0);
}
