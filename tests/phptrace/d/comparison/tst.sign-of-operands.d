/* int and unsigned compare as unsigned, int and long as signed */

#pragma D option quiet

int i;
unsigned int u;
int64_t l;

BEGIN
{
	i = -1;
	u = 1;
	l = 1;
	printf("%d\n", i < u);
	printf("%d\n", i > u);
	printf("%d\n", i < l);
	printf("%d\n", i > l);
	printf("%d\n", u < l);
	printf("%d\n", u > l);
	printf("%d\n", i < (int64_t)u);
	exit(0);
}
