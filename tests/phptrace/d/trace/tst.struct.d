/* trace of a structure shows its bytes */

struct s {
	int i;
	short h;
};
struct s s;

BEGIN
{
	s.i = 0x11223344;
	s.h = -2;
	trace(s);
	exit(0);
}
