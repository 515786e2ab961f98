/* signed bit-fields extend their sign */

#pragma D option quiet

struct bits {
	int a:2;
	int b:4;
	int c:3;
};
struct bits b;

BEGIN
{
	b.a = -1;
	b.b = -3;
	b.c = 3;
	printf("%d %d %d\n", b.a, b.b, b.c);
	b.c = 4;
	printf("%d\n", b.c);
	exit(0);
}
