/* allocated memory ends with its clause */

/* status: 3 */
#pragma D option quiet

BEGIN
{
	p = (int *)alloca(8);
	*p = 5;
}

BEGIN
{
	trace(*p);
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(3);
}
