/* the result of an action cast to a structure */

struct s {
	int x;
};

BEGIN
{
	(struct s)trace(1);
	exit(0);
}
