/* thread-local associative arrays */

#pragma D option quiet

BEGIN
{
	self->a["x"] = 5;
	self->a["y"] = 6;
	self->b[1, 2] = 7;
	printf("%d %d %d %d\n", self->a["x"], self->a["y"], self->b[1, 2], self->b[2, 1]);
	self->a["x"] = 0;
	printf("%d\n", self->a["x"]);
	exit(0);
}
