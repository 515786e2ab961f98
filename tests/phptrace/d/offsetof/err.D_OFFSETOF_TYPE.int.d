/* offsetof in an int */

BEGIN
{
	x = offsetof(int, x);
	exit(0);
}
