/* a member that the structure does not have, by pointer */

struct s {
	int x;
};
struct s *p;

BEGIN
{
	trace(p->y);
	exit(0);
}
