/* no address: a fault */

#pragma D option quiet

BEGIN
{
	printf("%s\n", link_ntop(1, (void *)0));
	exit(1);
}

ERROR
{
	printf("fault\n");
	exit(0);
}
