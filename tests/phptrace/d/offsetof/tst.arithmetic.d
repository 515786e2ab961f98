/* offsetof in pointer arithmetic */

#pragma D option quiet

struct s {
	long a;
	int b;
};

BEGIN
{
	this->p = (struct s *)alloca(sizeof (struct s));
	this->p->b = 7;
	printf("%d\n", *(int *)((char *)this->p + offsetof(struct s, b)));
	exit(0);
}
