/* < with constants that need 64 bits */

#pragma D option quiet

int64_t l;
uint64_t u;

BEGIN
{
	l = 5000000000;
	u = 10000000000000000000u;
	printf("%d\n", l < 5000000000);
	printf("%d\n", l < 5000000001);
	printf("%d\n", l < -5000000000);
	printf("%d\n", 4999999999 < l);
	printf("%d\n", u < 9999999999999999999u);
	exit(0);
}
