/* lltostr of signed 64-bit integers */

#pragma D option quiet

BEGIN
{
	printf("[%s]\n", lltostr(0));
	printf("[%s]\n", lltostr(1));
	printf("[%s]\n", lltostr(-1));
	printf("[%s]\n", lltostr(42));
	printf("[%s]\n", lltostr(-42));
	printf("[%s]\n", lltostr(1000000));
	printf("[%s]\n", lltostr(2147483647));
	printf("[%s]\n", lltostr(-2147483648));
	printf("[%s]\n", lltostr(4294967296));
	printf("[%s]\n", lltostr(9223372036854775807));
	printf("[%s]\n", lltostr(-9223372036854775807));
	exit(0);
}
