/* a structure as predicate */

struct s {
	int x;
};
struct s s;

BEGIN
/s/
{
	exit(0);
}
