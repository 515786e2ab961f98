/* a long structure */

struct s {
	int x;
};
long struct s t;

BEGIN
{
	exit(0);
}
