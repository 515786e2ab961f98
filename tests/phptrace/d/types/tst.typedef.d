/* typedefs of integers, pointers and structures */

#pragma D option quiet

typedef long num;
typedef struct pt {
	int x, y;
} pt;
typedef pt *ptp;
num n;

BEGIN
{
	n = 5000000000;
	printf("%d %d\n", n, sizeof (num));
	this->p = (pt *)alloca(sizeof (pt));
	this->p->x = 4;
	printf("%d %d\n", this->p->x, sizeof (pt));
	this->q = (ptp)this->p;
	printf("%d\n", this->q->x + 1);
	exit(0);
}
