/* stack with two arguments */

BEGIN
{
	stack(1, 2);
	exit(0);
}
