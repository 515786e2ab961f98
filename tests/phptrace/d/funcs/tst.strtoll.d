/* strtoll of decimal and other bases */

#pragma D option quiet

BEGIN
{
	printf("%d\n", strtoll("42"));
	printf("%d\n", strtoll("-42"));
	printf("%d\n", strtoll("0"));
	printf("%d\n", strtoll("ff", 16));
	printf("%d\n", strtoll("777", 8));
	printf("%d\n", strtoll("101", 2));
	printf("%d\n", strtoll("9000000000"));
	exit(0);
}
