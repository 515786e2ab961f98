/* types of literals decide the type of the expression */

#pragma D option quiet

BEGIN
{
	printf("%d\n", 1 + 1);
	printf("%d\n", 1 + 1u);
	printf("%d\n", 1 + 1l);
	printf("%d\n", 2147483647 + 1l);
	printf("%d\n", 0xffffffff + 0);
	printf("%d\n", 4294967295 + 0);
	printf("%d\n", 'a' + 1);
	printf("%d\n", 1u - 2);
	printf("%d\n", (int)sizeof (1));
	printf("%d\n", (int)sizeof (1l));
	printf("%d\n", (int)sizeof (1ul));
	printf("%d\n", (int)sizeof (2147483647));
	printf("%d\n", (int)sizeof (2147483648));
	printf("%d\n", (int)sizeof (0xffffffff));
	printf("%d\n", (int)sizeof (0x100000000));
	printf("%d\n", (int)sizeof ('a'));
	printf("%d\n", (int)sizeof (1ll));
	exit(0);
}
