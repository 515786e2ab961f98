/* an unknown name as key */

BEGIN
{
	@[nosuch] = count();
	exit(0);
}
