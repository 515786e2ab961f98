/* offsetof of a member that is not there */

struct s {
	int a;
};

BEGIN
{
	x = offsetof(struct s, nosuch);
	exit(0);
}
