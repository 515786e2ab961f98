/* strjoin with an argument of the wrong type */

BEGIN
{
	s = strjoin("a", 2);
	exit(0);
}
