/* the scoping operator in a member */

struct s {
	int a`b;
};

BEGIN
{
	exit(0);
}
