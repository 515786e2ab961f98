/* 0 deletes a thread-local variable, and it can be set again */

#pragma D option quiet

BEGIN
{
	self->x = 1;
	self->x = 0;
	printf("%d\n", self->x);
	self->x = 2;
	printf("%d\n", self->x);
	self->s = "text";
	self->s = 0;
	self->s = "again";
	printf("%s\n", self->s);
	exit(0);
}
