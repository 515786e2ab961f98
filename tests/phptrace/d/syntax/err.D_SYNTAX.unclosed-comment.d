/* a comment that is not closed */

BEGIN
{
	exit(0);
}
/* never closed
