/* a translator to an int */

struct raw {
	int a;
};

typedef struct info {
	int n;
	int m;
} info_t;

translator int < struct raw *r > {
	n = r->a;
};

BEGIN
{
	trace(1);
	exit(0);
}
