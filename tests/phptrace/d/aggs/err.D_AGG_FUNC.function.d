/* another function's result */

BEGIN
{
	@a = strlen("x");
	exit(0);
}
