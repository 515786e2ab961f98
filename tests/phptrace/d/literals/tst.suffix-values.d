/* suffixes leave the value */

#pragma D option quiet

BEGIN
{
	printf("%d\n", 10u);
	printf("%d\n", 10l);
	printf("%d\n", 10ull);
	printf("%d\n", 0xffu);
	printf("%d\n", 077l);
	printf("%d\n", -1l);
	printf("%d\n", 4294967295u);
	printf("%d\n", 18446744073709551615u);
	exit(0);
}
