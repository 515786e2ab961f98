/* a macro that does not exist, as string */

BEGIN
{
	x = $$nosuch;
	exit(0);
}
