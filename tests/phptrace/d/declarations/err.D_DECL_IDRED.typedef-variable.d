/* a typedef of the name of a variable */

int t;
typedef char t;

BEGIN
{
	exit(0);
}
