/* strjoin with an argument of the wrong type */

BEGIN
{
	s = strjoin(1, "a");
	exit(0);
}
