/* discard with 2 arguments */

BEGIN
{
	discard(1, 2);
	exit(0);
}
