/* a thread-local variable keeps its value in its thread */

#pragma D option quiet

BEGIN
{
	self->x = 3;
}

BEGIN
{
	printf("%d\n", self->x);
	self->x = 0;
}

BEGIN
{
	printf("%d\n", self->x);
	exit(0);
}
