/* an inline of a name in use */

int x;
inline int x = 5;

BEGIN
{
	exit(0);
}
