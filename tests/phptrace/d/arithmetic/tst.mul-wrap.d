/* a product that does not fit is cut to its type */

#pragma D option quiet

int i;
unsigned int u;
int64_t l;

BEGIN
{
	i = 65537;
	u = 65537;
	l = 4294967297;
	printf("%d\n", i * i);
	printf("%d\n", u * u);
	printf("%d\n", l * l);
	printf("%d\n", i * -i);
	exit(0);
}
