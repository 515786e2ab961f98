/* casts choose signed or unsigned division */

#pragma D option quiet

int a;
unsigned int u;

BEGIN
{
	a = -10;
	u = 10;
	printf("%d\n", a / (int)u);
	printf("%d\n", (unsigned int)a / u);
	printf("%d\n", (int64_t)a / (int64_t)u);
	printf("%d\n", (uint64_t)(unsigned int)a / u);
	printf("%d\n", a % (int)3);
	printf("%d\n", (uint8_t)a / 3);
	exit(0);
}
