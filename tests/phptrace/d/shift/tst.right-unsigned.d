/* >> of an unsigned variable brings in zeros */

#pragma D option quiet

unsigned int a;
uint64_t l;

BEGIN
{
	a = 0xffffff00;
	l = 0xffffffffffffff00;
	printf("%d\n", a >> 4);
	printf("%d\n", a >> 8);
	printf("%d\n", a >> 31);
	printf("%d\n", l >> 4);
	printf("%d\n", l >> 8);
	printf("%d\n", l >> 63);
	exit(0);
}
