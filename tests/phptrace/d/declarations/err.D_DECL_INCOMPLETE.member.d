/* a member of a structure that is only named */

struct s {
	struct nosuch m;
};

BEGIN
{
	exit(0);
}
