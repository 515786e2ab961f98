/* unsigned int with long gives long */

#pragma D option quiet

unsigned int u;
int64_t l;

BEGIN
{
	u = 4294967295;
	l = -1;
	printf("%d\n", u + l);
	printf("%d\n", u * l);
	printf("%d\n", l - u);
	printf("%d\n", u & l);
	printf("%d\n", l + u * 1);
	exit(0);
}
