/* a cast binds before binary operators */

#pragma D option quiet

int a;
int b;

BEGIN
{
	a = 200;
	b = 100;
	printf("%d\n", (int8_t)a + b);
	printf("%d\n", (int8_t)(a + b));
	printf("%d\n", (uint8_t)a * 2);
	printf("%d\n", (uint8_t)(a * 2));
	printf("%d\n", (int64_t)a << 32);
	printf("%d\n", -(int8_t)a);
	exit(0);
}
