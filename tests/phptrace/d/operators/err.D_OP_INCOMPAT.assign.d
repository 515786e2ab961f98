/* a string assigned to an int */

int x;

BEGIN
{
	x = "text";
	exit(0);
}
