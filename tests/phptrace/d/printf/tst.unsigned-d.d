/* %d of unsigned values prints them unsigned */

#pragma D option quiet

BEGIN
{
	printf("[%d]\n", 4294967295u);
	printf("[%i]\n", 4294967295u);
	printf("[%d]\n", 18446744073709551615ul);
	printf("[%d]\n", (uint8_t)200);
	printf("[%d]\n", (uint16_t)60000);
	exit(0);
}
