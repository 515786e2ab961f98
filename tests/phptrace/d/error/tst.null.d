/* a null pointer */

#pragma D option quiet

BEGIN
{
	x = *(int *)0;
	printf("not reached\n");
}

ERROR
{
	printf("fault %d at 0x%x\n", arg4, arg5);
}

BEGIN
{
	printf("next\n");
	exit(0);
}
