/* predicates of thread-local variables */

#pragma D option quiet

self int y;

BEGIN
{
	self->x = 1;
}

BEGIN
/self->x/
{
	printf("1\n");
}

BEGIN
/self->x && self->x == 1/
{
	printf("2\n");
}

BEGIN
/!self->x/
{
	printf("3\n");
}

BEGIN
/self->y/
{
	printf("4\n");
}

BEGIN
{
	exit(0);
}
