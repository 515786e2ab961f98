/* a number called as function */

BEGIN
{
	x = 5(1);
	exit(0);
}
