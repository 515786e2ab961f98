/* a bit-field of size 0 with a name */

struct s {
	int a:0;
};

BEGIN
{
	exit(0);
}
