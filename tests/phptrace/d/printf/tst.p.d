/* %p is a bare hexadecimal number */

#pragma D option quiet

BEGIN
{
	printf("[%p]\n", (void *)0x1234);
	printf("[%p]\n", 0);
	printf("[%p]\n", (char *)0x123456789abc);
	printf("[%10p]\n", (void *)0xff);
	exit(0);
}
