/* cleanpath with 0 arguments */

BEGIN
{
	s = cleanpath();
	exit(0);
}
