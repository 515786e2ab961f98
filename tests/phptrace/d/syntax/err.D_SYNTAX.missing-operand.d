/* an operator without its right side */

BEGIN
{
	x = ;
	exit(0);
}
