/* a member of another type */

struct raw {
	int a;
};

typedef struct info {
	int n;
	int m;
} info_t;

translator info_t < struct raw *r > {
	n = "text";
};

BEGIN
{
	trace(1);
	exit(0);
}
