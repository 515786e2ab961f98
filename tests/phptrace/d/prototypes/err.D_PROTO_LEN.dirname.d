/* dirname with 0 arguments */

BEGIN
{
	s = dirname();
	exit(0);
}
