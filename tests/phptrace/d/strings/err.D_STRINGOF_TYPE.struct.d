/* stringof of a structure */

struct t {
	int x;
};
struct t t;

BEGIN
{
	s = stringof(t);
	exit(0);
}
