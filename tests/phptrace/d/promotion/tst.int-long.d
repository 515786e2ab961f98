/* int with long gives long */

#pragma D option quiet

int i;
int64_t l;

BEGIN
{
	i = -1;
	l = 4294967296;
	printf("%d\n", i + l);
	printf("%d\n", i - l);
	printf("%d\n", l * i);
	printf("%d\n", l / i);
	printf("%d\n", i & l);
	printf("%d\n", l | i);
	printf("%d\n", i * (l - 1));
	exit(0);
}
