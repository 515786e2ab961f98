/* casts of a int16_t variable with all bits but the sign set */

#pragma D option quiet

int16_t v;

BEGIN
{
	v = 0x7fff;
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
