/* octal constants */

#pragma D option quiet

BEGIN
{
	printf("%d\n", 00);
	printf("%d\n", 07);
	printf("%d\n", 010);
	printf("%d\n", 0777);
	printf("%d\n", 017777777777);
	printf("%d\n", 037777777777);
	exit(0);
}
