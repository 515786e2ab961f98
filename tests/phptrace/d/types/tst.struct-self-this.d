/* thread-local and clause-local structures */

#pragma D option quiet

struct pt {
	int x, y;
};
self struct pt p;
this struct pt q;

BEGIN
{
	self->p.x = 1;
	self->p.y = 2;
	this->q.x = 3;
	this->q.y = 4;
	printf("%d %d %d %d\n", self->p.x, self->p.y, this->q.x, this->q.y);
	exit(0);
}
