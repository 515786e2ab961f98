/* a signed structure */

struct s {
	int x;
};
signed struct s t;

BEGIN
{
	exit(0);
}
