/* casts decide how values compare */

#pragma D option quiet

int i;
unsigned int u;

BEGIN
{
	i = -1;
	u = 1;
	printf("%d\n", i < (int)u);
	printf("%d\n", (unsigned int)i > u);
	printf("%d\n", (int64_t)i < (int64_t)u);
	printf("%d\n", (uint8_t)i == 255);
	printf("%d\n", (int8_t)(uint8_t)i == -1);
	printf("%d\n", (uint64_t)(int8_t)-1 > 0);
	exit(0);
}
