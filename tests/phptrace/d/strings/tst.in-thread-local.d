/* thread-local strings */

#pragma D option quiet

BEGIN
{
	self->s = "hello";
	self->t = strjoin(self->s, ", world");
	printf("[%s]\n", self->s);
	printf("[%s]\n", self->t);
	exit(0);
}
