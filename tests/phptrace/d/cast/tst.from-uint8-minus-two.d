/* casts of a uint8_t variable that holds -2 */

#pragma D option quiet

uint8_t v;

BEGIN
{
	v = -2;
	printf("%d\n", (int8_t)v);
	printf("%d\n", (int16_t)v);
	printf("%d\n", (int32_t)v);
	printf("%d\n", (int64_t)v);
	printf("%d\n", (uint8_t)v);
	printf("%d\n", (uint16_t)v);
	printf("%d\n", (uint32_t)v);
	printf("%d\n", (uint64_t)v);
	exit(0);
}
