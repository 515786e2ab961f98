/* stddev with 0 arguments */

BEGIN
{
	@ = stddev();
	exit(0);
}
