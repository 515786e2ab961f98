/* strtoll stops at the first character that is no digit */

#pragma D option quiet

BEGIN
{
	printf("%d\n", strtoll("12abc"));
	printf("%d\n", strtoll("  7"));
	printf("%d\n", strtoll("abc"));
	printf("%d\n", strtoll(""));
	printf("%d\n", strtoll("-077", 8));
	printf("%d\n", strtoll("zz", 36));
	exit(0);
}
