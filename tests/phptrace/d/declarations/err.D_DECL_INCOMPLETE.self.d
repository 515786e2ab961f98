/* a structure that holds itself */

struct s {
	struct s m;
};

BEGIN
{
	exit(0);
}
