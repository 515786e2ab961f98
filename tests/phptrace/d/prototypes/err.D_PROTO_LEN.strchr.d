/* strchr with 1 argument */

BEGIN
{
	s = strchr("a");
	exit(0);
}
