/* ?: binds after || and before assignment */

#pragma D option quiet

int a;
int b;
int r;

BEGIN
{
	a = 1;
	b = 0;
	r = 0;
	printf("%d\n", a || b ? 5 : 6);
	printf("%d\n", a && b ? 5 : 6);
	r = a ? 3 : 4;
	printf("%d\n", r);
	r = b ? 3 : 4;
	printf("%d\n", r);
	printf("%d\n", a ? 1 : 2 + 3);
	printf("%d\n", (a ? 1 : 2) + 3);
	exit(0);
}
