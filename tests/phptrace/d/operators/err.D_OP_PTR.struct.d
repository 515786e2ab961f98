/* -> on a structure */

struct s {
	int x;
};
struct s s;

BEGIN
{
	trace(s->x);
	exit(0);
}
