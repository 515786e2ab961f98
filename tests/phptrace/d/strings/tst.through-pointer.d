/* a string is stored and read through a pointer */

#pragma D option quiet
#pragma D option scratchsize=1k

BEGIN
{
	p = (string *)alloca(sizeof (string) + 1);
	*p = "kept";
	printf("%s %d\n", *p, strlen(*p));
	exit(0);
}
