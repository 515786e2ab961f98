/* strjoin with NULL */

#pragma D option quiet

BEGIN
{
	s = strjoin("x", strchr("a", 'b'));
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
