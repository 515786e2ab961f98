/* no translator between two types */

struct raw {
	int a;
};

typedef struct info {
	int n;
	int m;
} info_t;

struct raw *r;

BEGIN
{
	trace(xlate <info_t>(r).n);
	exit(0);
}
