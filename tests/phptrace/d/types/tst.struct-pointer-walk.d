/* stepping through an array of structures */

#pragma D option quiet

struct pt {
	int x, y;
};

BEGIN
{
	this->p = (struct pt *)alloca(3 * sizeof (struct pt));
	this->p[0].x = 1;
	this->p[1].x = 2;
	(this->p + 2)->x = 3;
	printf("%d %d %d %d\n", this->p->x, (this->p + 1)->x, this->p[2].x, sizeof (struct pt));
	this->p++;
	printf("%d\n", this->p->x);
	exit(0);
}
