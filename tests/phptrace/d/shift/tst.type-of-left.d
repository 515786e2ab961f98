/* the result has the type of the left operand */

#pragma D option quiet

int a;
int64_t n;
int64_t l;
int k;

BEGIN
{
	a = 1;
	n = 8;
	l = 1;
	k = 8;
	printf("%d\n", (int)sizeof (a << n));
	printf("%d\n", (int)sizeof (l << k));
	printf("%d\n", a << n);
	printf("%d\n", l << k);
	exit(0);
}
