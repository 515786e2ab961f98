/* an associative array assigned as a scalar */

BEGIN
{
	a["x"] = 1;
	a = 2;
	exit(0);
}
