/* ~ of int and long */

#pragma D option quiet

int a;
int64_t l;
uint64_t u;
unsigned int v;

BEGIN
{
	a = 0x0f;
	l = 0x0f;
	u = 0x0f;
	v = 0x0f;
	printf("%d\n", ~a);
	printf("%d\n", ~l);
	printf("%d\n", ~u);
	printf("%d\n", ~v);
	printf("%d\n", ~~a);
	printf("%d\n", ~0);
	printf("%d\n", ~5);
	printf("%d\n", ~-1);
	printf("%d\n", ~(a | 0xf0));
	exit(0);
}
