/* inet_ntoa with 0 arguments */

BEGIN
{
	s = inet_ntoa();
	exit(0);
}
