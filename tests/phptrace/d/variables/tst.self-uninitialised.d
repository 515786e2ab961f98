/* thread-local variables start at 0 */

#pragma D option quiet

self int a;
self int64_t b;

BEGIN
{
	printf("%d %d\n", self->a, self->b);
	self->a = 5;
	printf("%d %d\n", self->a, self->b);
	exit(0);
}
