/* an element assigned another type */

BEGIN
{
	a["x"] = 1;
	a["y"] = "s";
	exit(0);
}
