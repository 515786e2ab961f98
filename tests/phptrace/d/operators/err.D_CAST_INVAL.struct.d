/* a cast to a structure */

struct s {
	int x;
};

BEGIN
{
	x = (struct s)5;
	exit(0);
}
