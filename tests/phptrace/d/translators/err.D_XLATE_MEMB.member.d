/* a member that the output type does not have */

struct raw {
	int a;
};

typedef struct info {
	int n;
	int m;
} info_t;

translator info_t < struct raw *r > {
	nosuch = r->a;
};

BEGIN
{
	trace(1);
	exit(0);
}
