/* errno is 0 outside of system calls */

#pragma D option quiet

BEGIN
{
	printf("%d\n", errno);
	printf("%d\n", sizeof (errno));
	exit(0);
}
