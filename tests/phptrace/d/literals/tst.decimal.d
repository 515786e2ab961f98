/* decimal constants */

#pragma D option quiet

BEGIN
{
	printf("%d\n", 0);
	printf("%d\n", 7);
	printf("%d\n", 10);
	printf("%d\n", 2147483647);
	printf("%d\n", 2147483648);
	printf("%d\n", 4294967295);
	printf("%d\n", 4294967296);
	printf("%d\n", 9223372036854775807);
	exit(0);
}
