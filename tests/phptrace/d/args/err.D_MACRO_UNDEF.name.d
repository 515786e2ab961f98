/* a macro that does not exist */

BEGIN
{
	x = $nosuch;
	exit(0);
}
