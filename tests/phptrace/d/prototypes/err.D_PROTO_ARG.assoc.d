/* a key of the wrong type */

BEGIN
{
	a[1] = 1;
	trace(a["x"]);
	exit(0);
}
