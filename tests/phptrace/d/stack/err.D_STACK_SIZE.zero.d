/* stack(0) */

BEGIN
{
	stack(0);
	exit(0);
}
