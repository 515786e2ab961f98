/* compound assignment to self-> variables */

#pragma D option quiet

BEGIN
{
	self->x = 10;
	self->x += 5;
	printf("%d\n", self->x);
	self->x -= 3;
	printf("%d\n", self->x);
	self->x *= 4;
	printf("%d\n", self->x);
	self->x /= 5;
	printf("%d\n", self->x);
	self->x %= 4;
	printf("%d\n", self->x);
	self->x <<= 6;
	self->x |= 3;
	self->x ^= 1;
	self->x &= ~64;
	self->x >>= 1;
	printf("%d\n", self->x);
	exit(0);
}
