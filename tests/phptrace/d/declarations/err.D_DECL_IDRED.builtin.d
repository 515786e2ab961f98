/* a built-in variable declared again */

char *pid;

BEGIN
{
	exit(0);
}
