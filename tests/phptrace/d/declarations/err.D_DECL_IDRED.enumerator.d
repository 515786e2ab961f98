/* an enumerator that is a variable */

int x;
enum { x };

BEGIN
{
	exit(0);
}
