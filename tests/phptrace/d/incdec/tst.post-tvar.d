/* the value of x++ and x-- is the old one, tvar */

#pragma D option quiet

self int x;

BEGIN
{
	self->x = 5;
	printf("%d\n", self->x++);
	printf("%d\n", self->x);
	printf("%d\n", self->x--);
	printf("%d\n", self->x);
	exit(0);
}
