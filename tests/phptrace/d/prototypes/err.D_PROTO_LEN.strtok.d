/* strtok with 1 argument */

BEGIN
{
	s = strtok("a");
	exit(0);
}
