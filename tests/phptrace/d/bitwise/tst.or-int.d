/* | of ints */

#pragma D option quiet

int a;
int b;

BEGIN
{
	a = 0xf0f0;
	b = 0x0ff0;
	printf("%d\n", a | b);
	printf("%d\n", b | a);
	printf("%d\n", a | 0);
	printf("%d\n", a | -1);
	printf("%d\n", -1 | b);
	printf("%d\n", 0xff | 0x0f);
	printf("%d\n", a | a);
	exit(0);
}
