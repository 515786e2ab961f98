/* strjoin with 1 argument */

BEGIN
{
	s = strjoin("a");
	exit(0);
}
