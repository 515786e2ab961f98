/* strjoin with 3 arguments */

BEGIN
{
	s = strjoin("a", "b", "c");
	exit(0);
}
