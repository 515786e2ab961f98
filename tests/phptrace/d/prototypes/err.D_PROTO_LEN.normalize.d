/* normalize with 0 arguments */

BEGIN
{
	normalize();
	exit(0);
}
