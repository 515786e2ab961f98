/* declared thread-local associative arrays */

#pragma D option quiet

self short a[string, int];

BEGIN
{
	self->a["x", 1] = 70000;
	printf("%d\n", self->a["x", 1]);
	exit(0);
}
