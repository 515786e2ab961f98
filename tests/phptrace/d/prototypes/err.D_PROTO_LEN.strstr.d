/* strstr with 1 argument */

BEGIN
{
	s = strstr("a");
	exit(0);
}
