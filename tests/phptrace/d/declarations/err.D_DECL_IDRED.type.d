/* a variable declared again with another type */

int x;
char x;

BEGIN
{
	exit(0);
}
