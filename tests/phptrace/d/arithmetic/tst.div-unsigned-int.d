/* unsigned int division with the top bit set */

#pragma D option quiet

unsigned int u;
unsigned int v;

BEGIN
{
	u = 4294967295;
	v = 2147483648;
	printf("%d\n", u / v);
	printf("%d\n", u % v);
	printf("%d\n", u / 2);
	printf("%d\n", v / 3);
	printf("%d\n", u % 10);
	exit(0);
}
