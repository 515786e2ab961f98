/* an operand that is no scalar: 0 || t */

struct s {
	int x;
};
struct s t;

BEGIN
{
	x = 0 || t;
	exit(0);
}
