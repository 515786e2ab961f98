/* an operand that is no scalar: !t */

struct s {
	int x;
};
struct s t;

BEGIN
{
	x = !t;
	exit(0);
}
