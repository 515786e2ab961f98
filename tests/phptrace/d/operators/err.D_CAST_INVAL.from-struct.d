/* a cast of a structure */

struct s {
	int x;
};
struct s s;

BEGIN
{
	x = (int)s;
	exit(0);
}
