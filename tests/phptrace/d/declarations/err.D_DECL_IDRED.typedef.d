/* a typedef declared again */

typedef int t;
typedef char t;

BEGIN
{
	exit(0);
}
