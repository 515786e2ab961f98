/* identities of the bitwise operators */

#pragma D option quiet

int64_t x;

BEGIN
{
	x = 0x123456789abcdef;
	printf("%d\n", (x & ~x));
	printf("%d\n", (x | ~x));
	printf("%d\n", (x ^ x));
	printf("%d\n", (x ^ 0));
	printf("%d\n", ~~x == x);
	printf("%d\n", (x & x) == x);
	printf("%d\n", ((x & 0xff) | (x & ~0xff)) == x);
	exit(0);
}
