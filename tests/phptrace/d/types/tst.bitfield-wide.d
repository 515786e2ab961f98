/* bit-fields of more than a byte */

#pragma D option quiet

struct bits {
	unsigned int a:13;
	unsigned long b:36;
	unsigned int c:22;
};
struct bits b;

BEGIN
{
	b.a = 0x1fff;
	b.b = 0x123456789;
	b.c = 0x3fffff;
	printf("%x %x %x\n", b.a, b.b, b.c);
	b.b++;
	b.c &= 0xff;
	printf("%x %x %x\n", b.a, b.b, b.c);
	exit(0);
}
