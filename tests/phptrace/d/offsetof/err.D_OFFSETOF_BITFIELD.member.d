/* offsetof of a bit-field */

struct s {
	int a;
	int b:3;
};

BEGIN
{
	x = offsetof(struct s, b);
	exit(0);
}
