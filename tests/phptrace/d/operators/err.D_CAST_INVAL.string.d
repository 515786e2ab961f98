/* a cast of a string to an int */

BEGIN
{
	x = (int)"5";
	exit(0);
}
