/* a member that the structure does not have */

struct s {
	int x;
};
struct s s;

BEGIN
{
	trace(s.y);
	exit(0);
}
