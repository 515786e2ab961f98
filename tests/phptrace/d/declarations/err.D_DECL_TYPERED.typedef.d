/* a typedef declared again as another type */

typedef int t;
typedef char t;

BEGIN
{
	exit(0);
}
