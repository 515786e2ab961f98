/* division by -1 and by the divisor itself */

#pragma D option quiet

int64_t l;
int i;

BEGIN
{
	l = -9223372036854775807;
	i = -2147483647;
	printf("%d\n", l / -1);
	printf("%d\n", i / -1);
	printf("%d\n", l / l);
	printf("%d\n", i / i);
	printf("%d\n", l % -1);
	printf("%d\n", i % i);
	exit(0);
}
