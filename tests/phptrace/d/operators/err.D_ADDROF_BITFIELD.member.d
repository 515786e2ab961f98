/* the address of a bit-field */

struct s {
	int a:3;
	int b:5;
};
struct s *p;

BEGIN
{
	q = &p->b;
	exit(0);
}
