/* a variable called as function */

BEGIN
{
	x = pid(1);
	exit(0);
}
