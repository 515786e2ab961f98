/* a sum that does not fit is cut to its type */

#pragma D option quiet

int i;
unsigned int u;
int64_t l;
uint64_t m;

BEGIN
{
	i = 2147483647;
	u = 4294967295;
	l = 9223372036854775807;
	m = 18446744073709551615u;
	printf("%d\n", i + 1);
	printf("%d\n", u + 1);
	printf("%d\n", l + 1);
	printf("%d\n", m + 1);
	i = -2147483647;
	printf("%d\n", i - 2);
	u = 0;
	printf("%d\n", u - 1);
	m = 0;
	printf("%d\n", m - 1);
	exit(0);
}
