/* sizeof of a bit-field */

struct s {
	int b:3;
};
struct s s;

BEGIN
{
	x = sizeof (s.b);
	exit(0);
}
