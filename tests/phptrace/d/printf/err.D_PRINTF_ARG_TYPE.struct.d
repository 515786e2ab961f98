/* a structure as argument */

struct s {
	int x;
};
struct s s;

BEGIN
{
	printf("%d", s);
	exit(0);
}
