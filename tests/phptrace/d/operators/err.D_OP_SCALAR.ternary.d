/* an operand that is no scalar: "a" ? 1 : 2 */

struct s {
	int x;
};
struct s t;

BEGIN
{
	x = "a" ? 1 : 2;
	exit(0);
}
