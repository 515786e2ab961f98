/* a structure declared again */

struct s {
	int x;
};
struct s {
	int y;
};

BEGIN
{
	exit(0);
}
