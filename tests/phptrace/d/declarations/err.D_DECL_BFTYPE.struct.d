/* a bit-field of structure type */

struct t {
	int x;
};
struct s {
	struct t a:3;
};

BEGIN
{
	exit(0);
}
