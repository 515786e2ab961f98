/* comparison of a number with a string */

BEGIN
{
	x = 1 == "a";
	exit(0);
}
