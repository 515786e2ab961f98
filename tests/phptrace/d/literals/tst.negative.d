/* a minus sign before constants */

#pragma D option quiet

BEGIN
{
	printf("%d\n", -1);
	printf("%d\n", -0);
	printf("%d\n", -2147483648);
	printf("%d\n", -0x10);
	printf("%d\n", -010);
	printf("%d\n", - 5);
	exit(0);
}
