/* masks and flags */

#pragma D option quiet

uint32_t f;

BEGIN
{
	f = 0;
	f = f | 0x1;
	printf("%d\n", f);
	f = f | 0x8000;
	printf("%d\n", f);
	printf("%d\n", f & 0x8000);
	f = f & ~0x1;
	printf("%d\n", f);
	f = f ^ 0xffffffff;
	printf("%d\n", f);
	printf("%d\n", f & 0xff);
	printf("%d\n", (f & 0x8000) != 0);
	exit(0);
}
