/* members of structures in thread-local variables and arrays, at computed places and as bit-fields */

#pragma D option quiet

struct part {
	int v[4];
	struct {
		unsigned int low:3;
		unsigned int high:5;
	} bits;
	struct {
		char c[3];
	} inner;
};
self struct part t;
struct part a[int];
int i;

BEGIN
{
	i = 2;
	self->t.v[i] = 7;
	self->t.v[i + 1] = self->t.v[i] * 2;
	self->t.bits.low = 5;
	self->t.bits.high = 9;
	printf("%d %d %d\n", self->t.v[0], self->t.v[2], self->t.v[3]);
	printf("%d %d\n", self->t.bits.low, self->t.bits.high);
	a[1].v[i]++;
	a[1].v[i] += 5;
	a[2].inner.c[i] = 'x';
	printf("%d %d %c\n", a[1].v[2], a[2].v[2], a[2].inner.c[2]);
	exit(0);
}
