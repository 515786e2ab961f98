/* % of constants */

#pragma D option quiet

BEGIN
{
	printf("%d\n", 17 % 5);
	printf("%d\n", 5 % 17);
	printf("%d\n", -17 % 5);
	printf("%d\n", 17 % -5);
	printf("%d\n", -17 % -5);
	printf("%d\n", 1000000 % 999);
	exit(0);
}
