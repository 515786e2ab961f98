/* 64-bit operands count as true by any bit */

#pragma D option quiet

int64_t l;
uint64_t u;

BEGIN
{
	l = 0x100000000;
	u = 0x8000000000000000;
	printf("%d\n", l && u);
	l;
	u;
	printf("%d\n", l || 0);
	!l;
	printf("%d\n", l ^^ u);
	exit(0);
}
