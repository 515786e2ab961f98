/* printf with an argument of the wrong type */

BEGIN
{
	printf(5);
	exit(0);
}
