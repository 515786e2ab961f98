/* a structure in memory from alloca */

#pragma D option quiet

struct point {
	int x;
	short y;
	char name[8];
};

BEGIN
{
	this->s = (struct point *)alloca(sizeof (struct point));
	this->s->x = 3;
	this->s->y = -4;
	this->s->name[0] = 'p';
	this->s->name[1] = 'q';
	printf("%d %d %c%c %d\n", this->s->x, this->s->y, this->s->name[0], this->s->name[1], (*this->s).x * 2);
	exit(0);
}
