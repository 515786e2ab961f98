/* a string variable is NULL until it is assigned, and after 0 is assigned */

#pragma D option quiet

self string a;

BEGIN
{
	printf("%d %d\n", self->a == NULL, self->a != NULL);
	self->a = "x";
	printf("%d %d\n", self->a == NULL, self->a != NULL);
	self->a = 0;
	printf("%d %d\n", self->a == NULL, NULL != self->a);
	exit(0);
}
