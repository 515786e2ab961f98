/* strchr with an argument of the wrong type */

BEGIN
{
	s = strchr("abc", "b");
	exit(0);
}
