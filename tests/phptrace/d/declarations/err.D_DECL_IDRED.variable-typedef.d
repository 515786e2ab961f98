/* a variable of the name of a typedef */

typedef int t;
char t;

BEGIN
{
	exit(0);
}
