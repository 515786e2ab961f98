/* bit-fields hold their number of bits */

#pragma D option quiet

struct bits {
	unsigned int a:3;
	unsigned int b:5;
	unsigned int c:10;
};
struct bits b;

BEGIN
{
	b.a = 5;
	b.b = 0x1f;
	b.c = 0x3ff;
	printf("%d %d %d\n", b.a, b.b, b.c);
	b.a = 9;
	printf("%d %d %d\n", b.a, b.b, b.c);
	b.b = 0;
	printf("%d %d %d\n", b.a, b.b, b.c);
	exit(0);
}
