/* remainder by a variable that is 0 */

#pragma D option quiet

int zero;

BEGIN
{
	x = 5 % zero;
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
