/* nothing is read before what was allocated */

/* status: 3 */
#pragma D option quiet

BEGIN
{
	p = (long *)alloca(16);
	trace(p[-1]);
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(3);
}
