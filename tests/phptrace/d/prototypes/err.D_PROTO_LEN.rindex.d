/* rindex with 1 argument */

BEGIN
{
	x = rindex("a");
	exit(0);
}
