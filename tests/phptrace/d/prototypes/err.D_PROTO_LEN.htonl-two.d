/* htonl with 2 arguments */

BEGIN
{
	x = htonl(1, 2);
	exit(0);
}
