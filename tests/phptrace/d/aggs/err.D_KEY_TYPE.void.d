/* an action as key */

BEGIN
{
	@b[trace(1)] = count();
	exit(0);
}
