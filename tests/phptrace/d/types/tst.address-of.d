/* & of what a pointer leads to */

#pragma D option quiet

struct pt {
	int x, y;
};

BEGIN
{
	this->p = (struct pt *)alloca(sizeof (struct pt));
	this->p->y = 8;
	this->q = &this->p->y;
	printf("%d %d\n", *this->q, (uint64_t)this->q - (uint64_t)this->p);
	*this->q = 9;
	printf("%d %d\n", this->p->y, &*this->p == this->p);
	exit(0);
}
