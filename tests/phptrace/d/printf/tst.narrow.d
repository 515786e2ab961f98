/* conversions of 8- and 16-bit values */

#pragma D option quiet

BEGIN
{
	printf("[%d]\n", (int8_t)-5);
	printf("[%d]\n", (uint8_t)251);
	printf("[%d]\n", (int16_t)-5);
	printf("[%d]\n", (uint16_t)65531);
	printf("[%u]\n", (int8_t)-5);
	printf("[%x]\n", (int8_t)-5);
	printf("[%x]\n", (int16_t)-5);
	printf("[%o]\n", (uint8_t)8);
	printf("[%x]\n", (uint8_t)0xab);
	exit(0);
}
