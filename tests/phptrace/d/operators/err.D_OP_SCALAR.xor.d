/* an operand that is no scalar: t ^^ 1 */

struct s {
	int x;
};
struct s t;

BEGIN
{
	x = t ^^ 1;
	exit(0);
}
