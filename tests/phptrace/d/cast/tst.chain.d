/* a chain of casts cuts and extends at each step */

#pragma D option quiet

int64_t l;

BEGIN
{
	l = -1;
	printf("%d\n", (int64_t)(uint8_t)l);
	printf("%d\n", (int64_t)(int8_t)(uint16_t)l);
	printf("%d\n", (uint32_t)(int8_t)l);
	printf("%d\n", (int64_t)(uint32_t)(int16_t)l);
	printf("%d\n", (uint64_t)(int32_t)l);
	printf("%d\n", (int8_t)(uint8_t)200);
	printf("%d\n", (uint8_t)(int8_t)200);
	exit(0);
}
