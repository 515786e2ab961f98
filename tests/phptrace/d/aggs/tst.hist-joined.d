/* options: -q -xagghist */

BEGIN
{
	@a["x"] = count();
	@b["x"] = count();
	printa(@a, @b);
	exit(0);
}
