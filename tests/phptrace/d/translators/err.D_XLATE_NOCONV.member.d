/* a member that the translator does not give */

struct raw {
	int a;
};

typedef struct info {
	int n;
	int m;
} info_t;

translator info_t < struct raw *r > {
	n = r->a;
};
struct raw *r;

BEGIN
{
	trace(xlate <info_t>(r).m);
	exit(0);
}
