/* nothing is copied over the end of what was allocated */

/* status: 3 */
#pragma D option quiet

BEGIN
{
	p = (char *)alloca(8);
	bcopy(probename, p + 4, 5);
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(3);
}
