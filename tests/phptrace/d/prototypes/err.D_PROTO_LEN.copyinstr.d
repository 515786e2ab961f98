/* copyinstr with 0 arguments */

BEGIN
{
	s = copyinstr();
	exit(0);
}
