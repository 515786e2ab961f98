/* speculation with 1 argument */

BEGIN
{
	x = speculation(1);
	exit(0);
}
