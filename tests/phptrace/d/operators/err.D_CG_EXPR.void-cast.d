/* an action in an expression */

BEGIN
{
	(void)trace(1);
	exit(0);
}
