/* implicit conversion to int16_t on assignment */

#pragma D option quiet

int16_t v;

BEGIN
{
	v = -1;
	printf("%d ", v);
	v = 0x123456789abcdef;
	printf("%d ", v);
	v = 'A';
	printf("%d ", v);
	v = (int8_t)-3;
	printf("%d ", v);
	v = (uint8_t)253;
	printf("%d\n", v);
	exit(0);
}
