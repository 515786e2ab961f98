/* a bit-field of variable size */

int n;
struct s {
	int a:n;
};

BEGIN
{
	exit(0);
}
