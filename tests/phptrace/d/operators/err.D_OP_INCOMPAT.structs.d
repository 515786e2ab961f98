/* assignment between structures of different types */

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
	s = t;
	exit(0);
}
