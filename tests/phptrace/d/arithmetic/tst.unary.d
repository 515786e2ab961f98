/* unary + and - */

#pragma D option quiet

int a;
int64_t l;

BEGIN
{
	a = 5;
	l = -5;
	printf("%d\n", -a);
	printf("%d\n", +a);
	printf("%d\n", - -a);
	printf("%d\n", -(-a));
	printf("%d\n", -l);
	printf("%d\n", +l);
	printf("%d\n", -a + a);
	printf("%d\n", a - -a);
	printf("%d\n", -(a + l));
	a = -2147483647;
	printf("%d\n", -a);
	printf("%d\n", -5);
	printf("%d\n", +5);
	printf("%d\n", - -5);
	exit(0);
}
