/* a declared thread-local variable has its type */

#pragma D option quiet

self uint8_t c;

BEGIN
{
	self->c = 300;
	printf("%d %d\n", self->c, sizeof (self->c));
	exit(0);
}
