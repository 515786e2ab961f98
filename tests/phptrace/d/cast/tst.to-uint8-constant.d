/* constants cast to uint8_t */

#pragma D option quiet

BEGIN
{
	printf("%d\n", (uint8_t)0);
	printf("%d\n", (uint8_t)1);
	printf("%d\n", (uint8_t)-1);
	printf("%d\n", (uint8_t)127);
	printf("%d\n", (uint8_t)128);
	printf("%d\n", (uint8_t)255);
	printf("%d\n", (uint8_t)256);
	printf("%d\n", (uint8_t)32767);
	printf("%d\n", (uint8_t)32768);
	printf("%d\n", (uint8_t)65535);
	printf("%d\n", (uint8_t)65536);
	printf("%d\n", (uint8_t)2147483647);
	printf("%d\n", (uint8_t)-2147483648);
	printf("%d\n", (uint8_t)4294967295);
	printf("%d\n", (uint8_t)0x123456789abcdef);
	exit(0);
}
