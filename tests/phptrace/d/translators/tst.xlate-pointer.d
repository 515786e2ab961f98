/* xlate to a pointer type takes -> */

#pragma D option quiet

struct raw {
	int a;
};

typedef struct info {
	int twice;
} info_t;

translator info_t < struct raw *r > {
	twice = r->a * 2;
};

BEGIN
{
	this->in = (struct raw *)alloca(sizeof (struct raw));
	this->in->a = 21;
	printf("%d\n", xlate <info_t *>(this->in)->twice);
	exit(0);
}
