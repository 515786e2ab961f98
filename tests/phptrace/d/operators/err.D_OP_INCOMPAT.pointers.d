/* comparison of pointers to different types */

struct s {
	int x;
};
int *p;
struct s *q;

BEGIN
{
	x = p == q;
	exit(0);
}
