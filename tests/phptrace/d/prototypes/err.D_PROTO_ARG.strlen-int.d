/* strlen with an argument of the wrong type */

BEGIN
{
	x = strlen(5);
	exit(0);
}
