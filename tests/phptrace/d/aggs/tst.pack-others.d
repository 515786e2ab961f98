/* options: -q -xaggpack -xencoding=ascii */

BEGIN
{
	@a["x"] = count();
	@b = max(3);
	exit(0);
}
