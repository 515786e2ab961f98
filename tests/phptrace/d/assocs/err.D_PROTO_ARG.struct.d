/* a structure of another type as key */

struct s {
	int x;
};
struct t {
	int x;
};
struct s s;
struct t t;

BEGIN
{
	a[s] = 1;
	a[t] = 2;
	exit(0);
}
