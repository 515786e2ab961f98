/* a translator declared twice */

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

translator info_t < struct raw *r > {
	m = r->a;
};

BEGIN
{
	trace(1);
	exit(0);
}
