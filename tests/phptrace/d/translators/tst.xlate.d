/* xlate of a pointer gives the members of the output type */

#pragma D option quiet

struct raw {
	int a, b;
};

typedef struct info {
	int sum;
	int diff;
	int one;
} info_t;

translator info_t < struct raw *r > {
	sum = r->a + r->b;
	diff = r->a - r->b;
	one = 1;
};

BEGIN
{
	this->in = (struct raw *)alloca(sizeof (struct raw));
	this->in->a = 7;
	this->in->b = 3;
	printf("%d\n", xlate <info_t>(this->in).sum);
	printf("%d %d\n", xlate <info_t>(this->in).diff, xlate <info_t>(this->in).one);
	exit(0);
}
