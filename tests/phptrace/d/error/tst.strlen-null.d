/* strlen of NULL */

#pragma D option quiet

BEGIN
{
	x = strlen(strstr("a", "b"));
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
