/* bcopy with 2 arguments */

BEGIN
{
	bcopy(0, 0);
	exit(0);
}
