/* an operand that is no scalar: "a" && 1 */

struct s {
	int x;
};
struct s t;

BEGIN
{
	x = "a" && 1;
	exit(0);
}
